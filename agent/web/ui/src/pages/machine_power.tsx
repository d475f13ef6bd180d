// Start anew, power off, factory reset: what ends the box's watch, each after a second look.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, remove } from "../../kit/api";
import { Failure, Panel, TextField } from "../../kit/components";
import { moment } from "../../kit/format";
import { t } from "../../kit/i18n";
import type { Machine } from "../types";

type What = "restart" | "power_off";

export function PowerPanel(props: { now: Machine; onChanged: () => void }): JSX.Element {
  const [asked, setAsked] = useState<What | null>(null), [error, setError] = useState<ApiError | null>(null), waits = props.now.shutdown;
  const act = async (what: What, when: "now" | "window"): Promise<void> => {
    const answer = await post("/api/v1/machine/power", { what, when });
    setError(answer.ok ? null : answer.error), setAsked(null);
    props.onChanged();
  };
  const takeBack = async (): Promise<void> => {
    const answer = await remove("/api/v1/machine/power");
    setError(answer.ok ? null : answer.error);
    props.onChanged();
  };
  return (
    <Panel title={t("machine.power")} wide>
      {waits && <p role="status">{t(`machine.waits.${waits.what}`, { from: moment(waits.from), to: moment(waits.to) })}</p>}
      <div class="row">
        {waits && <button type="button" onClick={() => void takeBack()}>{t("machine.take_back")}</button>}
        {!waits && <button type="button" onClick={() => setAsked("restart")}>{t("machine.restart_now")}</button>}
        {!waits && <button type="button" onClick={() => void act("restart", "window")}>{t("machine.restart_window", { w: props.now.window })}</button>}
        {!waits && <button type="button" onClick={() => setAsked("power_off")}>{t("machine.power_off")}</button>}
      </div>
      {asked && (
        <div role="alert">
          <p>{t(`machine.power_sure.${asked}`)}</p>
          <div class="row"><button type="button" class="primary" onClick={() => void act(asked, "now")}>{t("machine.yes")}</button><button type="button" onClick={() => setAsked(null)}>{t("machine.no")}</button></div>
        </div>
      )}
      <Failure error={error} />
    </Panel>
  );
}

const kLevels = ["settings", "data", "everything"] as const;

export function ResetPanel(): JSX.Element {
  const [level, setLevel] = useState<(typeof kLevels)[number]>("settings"), [sure, setSure] = useState(""), [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null), [begun, setBegun] = useState(false), wrong = (field: string): string | null => (error?.field === field ? error.message : null);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await post("/api/v1/machine/reset", { level, sure, password });
    setError(answer.ok ? null : answer.error), setBegun(answer.ok), setPassword("");
  };
  return (
    <form onSubmit={(e) => void send(e)}>
      <Panel title={t("machine.reset")} wide>
        <fieldset>
          <legend>{t("machine.reset_level")}</legend>
          {kLevels.map((one) => <label key={one} class="check"><input type="radio" name="level" checked={level === one} onChange={() => setLevel(one)} />{t(`machine.reset.${one}`)}</label>)}
        </fieldset>
        <TextField label={t("machine.reset_sure")} value={sure} onInput={setSure} required error={wrong("sure")} />
        <TextField label={t("machine.reset_password")} type="password" value={password} onInput={setPassword} required autocomplete="current-password" error={wrong("password")} />
        {error && wrong("sure") === null && wrong("password") === null && <Failure error={error} />}
        {begun ? <p class="done" role="status">{t("machine.reset_begun")}</p> : <button disabled={sure !== "ERASE"}>{t("machine.reset_do")}</button>}
      </Panel>
    </form>
  );
}
