// uPlot in a box that follows its width, with the same figures in a table for those who do not see it.
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { currentLanguage, t } from "./i18n";

export interface ChartProps {
  label: string;
  data: uPlot.AlignedData;
  options: (width: number) => Omit<uPlot.Options, "width">;
  table: () => { head: string[]; rows: string[][] };
}

function Figures(props: { label: string; head: string[]; rows: string[][] }): JSX.Element {
  return (
    <div class="table-wrap chart-table" tabIndex={0} role="region" aria-label={props.label}>
      <table>
        <caption class="sr-only">{props.label}</caption>
        <thead><tr>{props.head.map((h) => <th key={h} scope="col">{h}</th>)}</tr></thead>
        <tbody>{props.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

export function Chart(props: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  // Thousands of rows are made only when asked for, and not anew with each second of the wall.
  const table = useMemo(() => open && <Figures label={props.label} {...props.table()} />, [open, props.data, currentLanguage()]);
  useEffect(() => {
    const place = box.current;
    if (!place) return undefined;
    const draw = (): uPlot => new uPlot({ ...props.options(place.clientWidth), width: place.clientWidth }, props.data, place);
    let plot = draw();
    const observer = new ResizeObserver(() => {
      if (Math.abs(plot.width - place.clientWidth) > 4) plot.setSize({ width: place.clientWidth, height: plot.height });
    });
    observer.observe(place);
    const scheme = window.matchMedia("(prefers-color-scheme: dark)");
    const redraw = (): void => {
      plot.destroy();
      plot = draw();
    };
    scheme.addEventListener("change", redraw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", redraw);
      plot.destroy();
    };
  }, [props.data, props.options]);
  return (
    <figure class="chart">
      <div ref={box} role="img" aria-label={props.label} />
      <details open={open} onToggle={(e) => setOpen((e.currentTarget as HTMLDetailsElement).open)}>
        <summary>{t("as_table")}</summary>
        {table}
      </details>
    </figure>
  );
}

// A colour of the theme, for the canvas.
export const themeColour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
