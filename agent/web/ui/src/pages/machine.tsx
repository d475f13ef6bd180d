// The machine below the agent: network, clock, name, power, diagnostics, reset. For an admin of a sealed box.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Answer, ApiError } from "../../kit/api";
import { get, post, put } from "../../kit/api";
import { Failure, Field, Panel, TextField } from "../../kit/components";
import { moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import { t } from "../../kit/i18n";
import type { Machine } from "../types";
import { NetworkPanels } from "./machine_network";
import { PowerPanel, ResetPanel } from "./machine_power";

export const wordsOf = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== "");

// One value with its own button: nothing else is sent with it.
function OneField(props: { label: string; note: string; name: string; value: string; path: string; body: (v: string) => unknown; list?: string[]; onChanged: () => void }): JSX.Element {
  const [value, setValue] = useState(props.value), [error, setError] = useState<ApiError | null>(null), [said, setSaid] = useState(false);
  useEffect(() => setValue(props.value), [props.value]);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await put(`/api/v1/machine/${props.path}`, props.body(value));
    setError(answer.ok ? null : answer.error), setSaid(answer.ok);
    if (answer.ok) props.onChanged();
  };
  const list = `machine-${props.name}`;
  return (
    <form onSubmit={(e) => void send(e)}>
      <Field label={props.label} note={props.note} error={error?.field === props.name ? error.message : null}>
        {(id, about) => (
          <div class="row">
            <input id={id} value={value} aria-describedby={about} autocomplete="off" list={props.list ? list : undefined} onInput={(e) => (setValue((e.target as HTMLInputElement).value), setSaid(false))} />
            <button aria-label={`${t("save")}: ${props.label}`}>{t("save")}</button>
          </div>
        )}
      </Field>
      {props.list && <datalist id={list}>{props.list.map((one) => <option key={one} value={one} />)}</datalist>}
      {error && error.field !== props.name && <Failure error={error} />}
      {said && <p class="done" role="status">{t("saved")}</p>}
    </form>
  );
}

function ByHand(props: { onChanged: () => void }): JSX.Element {
  const [text, setText] = useState(""), [error, setError] = useState<ApiError | null>(null), [said, setSaid] = useState(false);
  const set = async (ms: number): Promise<void> => {
    const answer = await put("/api/v1/machine/time", { at: Math.floor(ms / 1000) });
    setError(answer.ok ? null : answer.error), setSaid(answer.ok);
    props.onChanged();
  };
  return (
    <form onSubmit={(e) => (e.preventDefault(), void set(new Date(text).getTime()))}>
      <TextField label={t("machine.by_hand")} type="datetime-local" required value={text} onInput={setText} note={t("machine.by_hand_note")} error={error?.field === "at" ? error.message : null} />
      {error && error.field !== "at" && <Failure error={error} />}
      {said && <p class="done" role="status">{t("saved")}</p>}
      <div class="row row-apart"><button>{t("machine.by_hand")}</button><button type="button" onClick={() => void set(Date.now())}>{t("machine.browsers_clock")}</button></div>
    </form>
  );
}

const zones = (): string[] => (Intl as unknown as { supportedValuesOf?: (what: string) => string[] }).supportedValuesOf?.("timeZone") ?? [];

function ClockPanel(props: { now: Machine; onChanged: () => void }): JSX.Element {
  const now = props.now;
  return (
    <Panel title={t("machine.clock")} wide>
      <p>{t("machine.clock_now", { at: moment(now.clock) })}</p>
      <OneField label={t("machine.servers")} note={t("machine.servers_note")} name="servers" value={now.time_servers.join(" ")} path="time-servers" body={(v) => ({ servers: wordsOf(v) })} onChanged={props.onChanged} />
      {now.time_servers.length === 0 ? <ByHand onChanged={props.onChanged} /> : <p class="note">{t("machine.by_hand_not")}</p>}
      <OneField label={t("machine.zone")} note={t("machine.zone_note")} name="zone" value={now.zone} path="zone" body={(zone) => ({ zone })} list={zones()} onChanged={props.onChanged} />
      <OneField label={t("machine.hostname")} note={t("machine.hostname_note")} name="name" value={now.hostname} path="hostname" body={(name) => ({ name })} onChanged={props.onChanged} />
    </Panel>
  );
}

function DiagnosticsPanel(props: { now: Machine; onChanged: () => void }): JSX.Element {
  const [error, setError] = useState<ApiError | null>(null), [lines, setLines] = useState<string[] | null>(null), [said, setSaid] = useState(false);
  const write = async (): Promise<void> => {
    const answer = await post("/api/v1/machine/diagnostics");
    setError(answer.ok ? null : answer.error), setSaid(answer.ok);
    props.onChanged();
  };
  const show = async (): Promise<void> => {
    const answer: Answer<{ lines: string[] }> = await get("/api/v1/machine/audit");
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setLines(answer.data.lines);
  };
  return (
    <>
      <Panel title={t("machine.diagnostics")} note={t("machine.diagnostics_note")} wide>
        <div class="row"><button type="button" onClick={() => void write()}>{t("machine.diagnostics_write")}</button><span role="status">{props.now.diagnostics !== "" ? <span lang="en">{props.now.diagnostics}</span> : said && t("machine.diagnostics_asked")}</span></div>
        <Failure error={error} />
      </Panel>
      <Panel title={t("machine.log")} note={t("machine.log_note")} wide>
        <button type="button" onClick={() => void show()}>{t("machine.log_show")}</button>
        {lines && (lines.length === 0 ? <p>{t("machine.log_empty")}</p> : <pre tabIndex={0} role="region" lang="en" aria-label={t("machine.log")}>{lines.join("\n")}</pre>)}
      </Panel>
    </>
  );
}

export function MachinePage(): JSX.Element {
  const loaded = useGet<Machine>("/api/v1/machine", 2);
  const now = loaded.data;
  return (
    <>
      <h1>{t("nav.machine")}</h1>
      {!now && (loaded.error ? <Failure error={loaded.error} /> : <p role="status">{t("machine.asking")}</p>)}
      {now && !now.present && <p>{t("machine.none")}</p>}
      {now?.present && (
        <>
          {now.problem !== "" && <p class="failure" role="alert">{t("machine.problem")} <code lang="en">{now.problem}</code></p>}
          <div class="grid">
            <NetworkPanels loaded={loaded} now={now} />
            <div class="half"><ClockPanel now={now} onChanged={loaded.reload} /></div>
            <div class="half">
              <PowerPanel now={now} onChanged={loaded.reload} />
              <DiagnosticsPanel now={now} onChanged={loaded.reload} />
              <ResetPanel />
            </div>
          </div>
        </>
      )}
    </>
  );
}
