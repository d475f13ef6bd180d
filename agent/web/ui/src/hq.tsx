import { render } from "preact";
import "../kit/style.css";

render(<h1>Holdfast</h1>, document.getElementById("app")!);
