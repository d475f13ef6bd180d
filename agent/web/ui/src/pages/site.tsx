// The site model: what IT tells about lines, queues and hours. An admin edits, a viewer reads.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { put } from "../../kit/api";
import { Failure, Panel, TextField } from "../../kit/components";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Holiday, Line, Queue, SiteModel, SiteModelState } from "../types";

const newLine = (id: string, queue: string): Line => ({ id, label: "", queue, legal_notice_s: 0, promised_wait_s: 0 });
const newQueue = (id: string): Queue => ({ id, label: "", ring_time_s: 15, service_level_s: 20, short_abandon_s: 5, holding: false });
const changed = <T,>(all: T[], at: number, part: Partial<T>): T[] => all.map((one, i) => (i === at ? { ...one, ...part } : one));
const without = <T,>(all: T[], at: number): T[] => all.filter((_, i) => i !== at);
const two = (n: number): string => String(n).padStart(2, "0");
const asTime = (minutes: number): string => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
const fromTime = (text: string): number => {
  const [h, m] = text.split(":").map(Number);
  return (h ?? 0) * 60 + (m ?? 0);
};

function LineForm(props: { line: Line; admin: boolean; error: (f: string) => string | null; onChange: (part: Partial<Line>) => void; onRemove: () => void }): JSX.Element {
  const l = props.line, off = !props.admin;
  const number = (v: string): number => Number(v) || 0;
  return (
    <fieldset>
      <legend>{l.label || l.id || t("site.new_line")}</legend>
      <div class="cells">
        <TextField label={t("site.number")} value={l.id} onInput={(id) => props.onChange({ id })} disabled={off} error={props.error("id")} />
        <TextField label={t("site.label")} value={l.label} onInput={(label) => props.onChange({ label })} disabled={off} error={props.error("label")} />
        <TextField label={t("site.leads_to")} value={l.queue} onInput={(queue) => props.onChange({ queue })} disabled={off} error={props.error("queue")} />
        <TextField label={t("site.notice")} type="number" min={0} value={String(l.legal_notice_s)} onInput={(v) => props.onChange({ legal_notice_s: number(v) })} disabled={off} error={props.error("legal_notice_s")} />
        <TextField label={t("site.promised")} type="number" min={0} value={String(l.promised_wait_s)} onInput={(v) => props.onChange({ promised_wait_s: number(v) })} disabled={off} error={props.error("promised_wait_s")} />
      </div>
      {props.admin && <button type="button" onClick={props.onRemove}>{t("site.remove", { what: l.label || l.id })}</button>}
    </fieldset>
  );
}

function QueueForm(props: { queue: Queue; admin: boolean; error: (f: string) => string | null; onChange: (part: Partial<Queue>) => void; onRemove: () => void }): JSX.Element {
  const q = props.queue, off = !props.admin;
  const seconds = (name: "ring_time_s" | "service_level_s" | "short_abandon_s"): JSX.Element => (
    <TextField label={t(`site.${name}` as Key)} type="number" min={0} value={String(q[name])} onInput={(v) => props.onChange({ [name]: Number(v) || 0 })} disabled={off} error={props.error(name)} />
  );
  return (
    <fieldset>
      <legend>{q.label || q.id || t("site.new_queue")}</legend>
      <div class="cells">
        <TextField label={t("site.queue_id")} value={q.id} onInput={(id) => props.onChange({ id })} disabled={off} error={props.error("id")} />
        <TextField label={t("site.label")} value={q.label} onInput={(label) => props.onChange({ label })} disabled={off} error={props.error("label")} />
        {seconds("ring_time_s")}{seconds("service_level_s")}{seconds("short_abandon_s")}
      </div>
      <label class="check"><input type="checkbox" checked={q.holding} disabled={off} onChange={(e) => props.onChange({ holding: (e.target as HTMLInputElement).checked })} />{t("site.holding")}</label>
      {props.admin && <button type="button" onClick={props.onRemove}>{t("site.remove", { what: q.label || q.id })}</button>}
    </fieldset>
  );
}

function Hours(props: { model: SiteModel; admin: boolean; onChange: (part: Partial<SiteModel>) => void }): JSX.Element {
  const hours = props.model.opening_hours, always = hours.length === 0;
  const week = Array.from({ length: 7 }, () => ({ from: 480, to: 1200 }));
  return (
    <Panel title={t("site.hours")} note={t("site.hours_note")} wide>
      <label class="check"><input type="checkbox" checked={always} disabled={!props.admin} onChange={() => props.onChange({ opening_hours: always ? week : [] })} />{t("site.always")}</label>
      <div class="cells">
        {hours.map((day, i) => (
          <fieldset key={i}>
            <legend>{t(`day.${i}` as Key)}</legend>
            <TextField label={t("site.from")} type="time" value={asTime(day.from)} disabled={!props.admin} onInput={(v) => props.onChange({ opening_hours: changed(hours, i, { from: fromTime(v) }) })} />
            <TextField label={t("site.to")} type="time" value={asTime(day.to)} disabled={!props.admin} onInput={(v) => props.onChange({ opening_hours: changed(hours, i, { to: fromTime(v) }) })} />
          </fieldset>
        ))}
      </div>
    </Panel>
  );
}

// Dates that differ from their weekday; the same time twice: closed.
function Holidays(props: { days: Holiday[]; admin: boolean; error: (path: string) => string | null; onChange: (days: Holiday[]) => void }): JSX.Element {
  const days = props.days, off = !props.admin;
  const set = (i: number, part: Partial<Holiday>): void => props.onChange(changed(days, i, part));
  return (
    <Panel title={t("site.holidays")} note={t("site.holidays_note")} wide>
      <div class="cells">
        {days.map((day, i) => (
          <fieldset key={i}>
            <legend>{day.date || t("site.new_holiday")}</legend>
            <TextField label={t("site.date")} type="date" value={day.date} disabled={off} error={props.error(`holidays[${i}].date`)} onInput={(date) => set(i, { date })} />
            <TextField label={t("site.from")} type="time" value={asTime(day.from)} disabled={off} error={props.error(`holidays[${i}].from`)} onInput={(v) => set(i, { from: fromTime(v) })} />
            <TextField label={t("site.to")} type="time" value={asTime(day.to)} disabled={off} error={props.error(`holidays[${i}].to`)} onInput={(v) => set(i, { to: fromTime(v) })} />
            {props.admin && <button type="button" onClick={() => props.onChange(without(days, i))}>{t("site.remove", { what: day.date })}</button>}
          </fieldset>
        ))}
      </div>
      {props.admin && <button type="button" onClick={() => props.onChange([...days, { date: "", from: 0, to: 0 }])}>{t("site.add_holiday")}</button>}
    </Panel>
  );
}

export function SitePage(props: { admin: boolean }): JSX.Element {
  const loaded = useGet<SiteModelState>("/api/v1/site-model");
  const [model, setModel] = useState<SiteModel | null>(null), [error, setError] = useState<ApiError | null>(null), [saved, setSaved] = useState(false);
  useEffect(() => {
    if (loaded.data) setModel(loaded.data.site_model);
  }, [loaded.data]);
  if (!model || !loaded.data) return loaded.error ? <Failure error={loaded.error} /> : <p role="status">{t("connecting")}</p>;
  const change = (part: Partial<SiteModel>): void => {
    setSaved(false);
    setModel({ ...model, ...part });
  };
  const wrong = (path: string): string | null => (error?.field === path ? error.message : null);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await put<SiteModelState>("/api/v1/site-model", model);
    setError(answer.ok ? null : answer.error);
    setSaved(answer.ok);
    if (answer.ok) loaded.reload();
  };
  const learnt = loaded.data.learnt_lines.filter((l) => !model.lines.some((k) => k.id === l.id));
  const learntQueues = loaded.data.learnt_queues.filter((q) => !model.queues.some((k) => k.id === q));
  return (
    <form onSubmit={(e) => void save(e)}>
      <h1>{t("nav.site")}</h1>
      <p>{t("site.text")}</p>
      <div class="grid">
        <div><Panel title={t("site.lines")} note={t("site.lines_note")} wide>
          {model.lines.map((line, i) => <LineForm key={i} line={line} admin={props.admin} error={(f) => wrong(`lines[${i}].${f}`)} onChange={(p) => change({ lines: changed(model.lines, i, p) })} onRemove={() => change({ lines: without(model.lines, i) })} />)}
          {props.admin && <div class="row">
            {learnt.map((l) => <button type="button" key={l.id} onClick={() => change({ lines: [...model.lines, newLine(l.id, l.queue ?? "")] })}>{t("site.add", { what: l.id })}</button>)}
            <button type="button" onClick={() => change({ lines: [...model.lines, newLine("", "")] })}>{t("site.add_line")}</button>
          </div>}
        </Panel></div>
        <div><Panel title={t("site.queues")} wide>
          {model.queues.map((queue, i) => <QueueForm key={i} queue={queue} admin={props.admin} error={(f) => wrong(`queues[${i}].${f}`)} onChange={(p) => change({ queues: changed(model.queues, i, p) })} onRemove={() => change({ queues: without(model.queues, i) })} />)}
          {props.admin && <div class="row">
            {learntQueues.map((q) => <button type="button" key={q} onClick={() => change({ queues: [...model.queues, newQueue(q)] })}>{t("site.add", { what: q })}</button>)}
            <button type="button" onClick={() => change({ queues: [...model.queues, newQueue("")] })}>{t("site.add_queue")}</button>
          </div>}
        </Panel></div>
        <div><Hours model={model} admin={props.admin} onChange={change} /></div>
        <div><Holidays days={model.holidays} admin={props.admin} error={wrong} onChange={(holidays) => change({ holidays })} /></div>
        <div><Panel title={t("site.place")} wide>
          <TextField label={t("site.time_zone")} value={model.time_zone} onInput={(time_zone) => change({ time_zone })} disabled={!props.admin} error={wrong("time_zone")} />
          <TextField label={t("site.trunks")} note={t("site.trunks_note")} value={model.trunks.join(", ")} disabled={!props.admin} onInput={(v) => change({ trunks: v.split(",").map((s) => s.trim()).filter((s) => s !== "") })} />
        </Panel></div>
      </div>
      <Failure error={error} />
      {saved && <p class="done" role="status">{t("saved")}</p>}
      {props.admin && <p><button class="primary">{t("save")}</button></p>}
    </form>
  );
}
