// Rules of the site: the list with its state now, and the editor with live check, backtest, maintenance and snooze.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, put, remove } from "../../kit/api";
import { Failure, Panel, Table, Tag, TextField } from "../../kit/components";
import { count, duration, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Firing, Maintenance, Mode, Rule, RuleForm, Rules, Severity } from "../rule_types";
import { BacktestPanel } from "./backtest";
import { Choice, clockOf, endWords, kSeverityTones, localOf, LongField, Measured, minutesOf, RuleTextField, TruthTag, unixOf, valuesWords } from "./rule_parts";

const kDays = [0, 1, 2, 3, 4, 5, 6];
const empty: RuleForm = { name: "", text: "", owner: "", runbook: "", severity: "warning", mode: "shadow", maintenance: [] };

function StateNow(props: { rule: Rule }): JSX.Element {
  const r = props.rule, firing = r.places.filter((at) => at.firing);
  if (r.mode === "off") return <Tag tone="calm">{t("rules.mode.off")}</Tag>;
  if (firing.length > 0) return <><TruthTag at={firing[0]!} /> {firing.map((at) => at.place.label).slice(0, 3).join(", ")}</>;
  const unknown = r.places.find((at) => at.truth === "unknown");
  const shown = unknown ?? r.places[0];
  if (!shown) return <Tag tone="calm">{t("rules.state.not_yet")}</Tag>;
  return <><TruthTag at={shown} /> <small>{valuesWords(shown.values)}</small></>;
}

export function FiringsTable(props: { firings: Firing[] }): JSX.Element {
  return (
    <Table caption={t("rules.firings")} empty={t("rules.never")} head={[t("rules.opened"), t("rules.name"), t("rules.place"), t("rules.measured"), t("rules.time_to_signal"), t("rules.paged"), t("rules.end")]}
      rows={props.firings.map((f) => ({
        key: f.id,
        cells: [<span class="nowrap">{moment(f.opened)}</span>, f.name || f.rule, f.place.label, valuesWords(f.values), duration(f.time_to_signal_s),
          f.paged === null ? t(f.shadow ? "rules.quiet.shadow" : "rules.not_paged") : moment(f.paged), f.closed === null ? <Tag tone="bad">{endWords(f)}</Tag> : `${endWords(f)}, ${moment(f.closed)}`],
      }))} />
  );
}

export function RulesPage(props: { admin: boolean }): JSX.Element {
  const { data, error } = useGet<Rules>("/api/v1/rules", 5);
  const firings = useGet<{ firings: Firing[] }>("/api/v1/firings?limit=50", 10);
  return (
    <>
      <h1>{t("nav.rules")}</h1>
      <p>{t("rules.intro")}</p>
      {props.admin && <div class="row row-apart"><a class="button primary" href="#/rules/new">{t("rules.new")}</a></div>}
      <Failure error={error} />
      <div class="grid">
        <Panel title={t("rules.all")} wide>
          <Table caption={t("rules.all")} empty={data ? t("rules.none") : t("connecting")} numbers={[4]}
            head={[t("rules.name"), t("rules.text"), t("rules.now"), t("rules.severity"), t("rules.fired"), t("rules.owner")]}
            rows={(data?.rules ?? []).map((r) => ({
              key: r.id,
              cells: [<a href={`#/rules/${r.id}`}>{r.name}</a>, <code class="wordy">{r.text}</code>, <StateNow rule={r} />,
                <><Tag tone={kSeverityTones[r.severity]}>{t(`severity.${r.severity}`)}</Tag>{r.quiet !== "no" && r.mode !== "off" && <> <Tag tone="calm">{t(`rules.quiet.${r.quiet}` as Key)}</Tag></>}</>,
                count(r.fired), r.owner],
            }))} />
        </Panel>
        <Panel title={t("rules.firings")} wide><FiringsTable firings={firings.data?.firings ?? []} /></Panel>
      </div>
    </>
  );
}

function MaintenanceForm(props: { window: Maintenance; disabled: boolean; onChange: (w: Maintenance) => void; onRemove: () => void }): JSX.Element {
  const w = props.window, weekly = w.from === null;
  const day = (d: number): void => props.onChange({ ...w, weekdays: w.weekdays.includes(d) ? w.weekdays.filter((x) => x !== d) : [...w.weekdays, d].sort() });
  return (
    <fieldset>
      <legend>{t(weekly ? "rules.weekly" : "rules.once")}</legend>
      {weekly && <div class="row">{kDays.map((d) => <label key={d} class="check"><input type="checkbox" disabled={props.disabled} checked={w.weekdays.includes(d)} onChange={() => day(d)} />{t(`rules.day.${d}` as Key)}</label>)}</div>}
      <div class="cells">
        {weekly ? (
          <>
            <TextField label={t("rules.from")} type="time" disabled={props.disabled} value={clockOf(w.from_minute)} onInput={(v) => props.onChange({ ...w, from_minute: minutesOf(v) })} />
            <TextField label={t("rules.to")} type="time" disabled={props.disabled} value={clockOf(w.to_minute)} onInput={(v) => props.onChange({ ...w, to_minute: minutesOf(v) })} />
          </>
        ) : (
          <>
            <TextField label={t("rules.from")} type="datetime-local" disabled={props.disabled} value={localOf(w.from ?? 0)} onInput={(v) => props.onChange({ ...w, from: unixOf(v) })} />
            <TextField label={t("rules.to")} type="datetime-local" disabled={props.disabled} value={localOf(w.to ?? 0)} onInput={(v) => props.onChange({ ...w, to: unixOf(v) })} />
          </>
        )}
      </div>
      {!props.disabled && <button type="button" onClick={props.onRemove}>{t("rules.remove")}</button>}
    </fieldset>
  );
}

function Snooze(props: { rule: Rule; onDone: () => void }): JSX.Element {
  const snooze = (hours: number): void => void post(`/api/v1/rules/${props.rule.id}/snooze`, { for_s: hours * 3600 }).then(props.onDone);
  return (
    <Panel title={t("rules.snooze")} note={t("rules.snooze_note")} wide>
      {props.rule.snoozed_until !== null && <p>{t("rules.snoozed", { who: props.rule.snoozed_by })} {moment(props.rule.snoozed_until)}</p>}
      <div class="row">
        {[1, 4, 24].map((h) => <button key={h} type="button" onClick={() => snooze(h)}>{t("rules.hours", { n: h })}</button>)}
        {props.rule.snoozed_until !== null && <button type="button" onClick={() => snooze(0)}>{t("rules.wake")}</button>}
      </div>
    </Panel>
  );
}

function Vocabulary(props: { rules: Rules | null }): JSX.Element {
  return (
    <Panel title={t("rules.language")} wide>
      <ul class="rule-examples">{(["a", "b", "c", "d", "e"] as const).map((x) => <li key={x}><code>{t(`rules.example.${x}`)}</code></li>)}</ul>
      <p class="note">{t("rules.measures")}: <code>{props.rules?.measures.map((m) => m.name).join(" ")}</code></p>
      <p class="note">{t("rules.usual")}: <code>{props.rules?.measures.filter((m) => m.has_usual).map((m) => m.name).join(" ")}</code></p>
      <p class="note">{t("rules.names")}: {props.rules?.names.map((n) => (n.label === n.id ? n.id : `${n.id} (${n.label})`)).join(", ")}</p>
    </Panel>
  );
}

export function RulePage(props: { id: string; admin: boolean }): JSX.Element {
  const fresh = props.id === "new";
  const all = useGet<Rules>("/api/v1/rules", 5), firings = useGet<{ firings: Firing[] }>(`/api/v1/firings?limit=50&rule=${props.id}`, 10);
  const rule = all.data?.rules.find((r) => r.id === props.id) ?? null;
  const [form, setForm] = useState<RuleForm | null>(fresh ? empty : null), [good, setGood] = useState(false), [error, setError] = useState<ApiError | null>(null), [said, setSaid] = useState("");
  useEffect(() => {
    if (rule && !form) setForm({ name: rule.name, text: rule.text, owner: rule.owner, runbook: rule.runbook, severity: rule.severity, mode: rule.mode, maintenance: rule.maintenance });
  }, [rule]);
  if (!form) return all.error ? <Failure error={all.error} /> : <p role="status">{all.data ? t("rules.gone") : t("connecting")}</p>;
  const off = !props.admin, set = (part: Partial<RuleForm>): void => setForm({ ...form, ...part });
  const window = (at: number, w: Maintenance | null): void => set({ maintenance: form.maintenance.flatMap((old, i) => (i !== at ? [old] : w ? [w] : [])) });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = fresh ? await post<Rule>("/api/v1/rules", form) : await put<Rule>(`/api/v1/rules/${props.id}`, form);
    setError(answer.ok ? null : answer.error);
    setSaid(answer.ok ? t("saved") : "");
    if (answer.ok && fresh) location.hash = `#/rules/${answer.data.id}`;
    if (answer.ok) all.reload();
  };
  const drop = (): void => void remove(`/api/v1/rules/${props.id}`).then((answer) => (answer.ok ? (location.hash = "#/rules") : setError(answer.error)));
  const now = Math.ceil(Date.now() / 3_600_000) * 3600;
  return (
    <>
      <p><a href="#/rules">{t("rules.back")}</a></p>
      <h1>{fresh ? t("rules.new") : form.name}</h1>
      <div class="grid">
        <form class="half" onSubmit={(e) => void save(e)}>
          <Panel title={t("rules.rule")} wide>
            <TextField label={t("rules.name")} value={form.name} onInput={(name) => set({ name })} required disabled={off} error={error?.field === "name" ? error.message : null} />
            <RuleTextField label={t("rules.text")} value={form.text} onInput={(text) => set({ text })} onGood={setGood} disabled={off} />
            <div class="cells">
              <Choice<Severity> label={t("rules.severity")} value={form.severity} of={["info", "warning", "critical"]} word={(v) => t(`severity.${v}`)} onChange={(severity) => set({ severity })} disabled={off} />
              <Choice<Mode> label={t("rules.mode")} value={form.mode} of={["shadow", "active", "off"]} word={(v) => t(`rules.mode.${v}`)} onChange={(mode) => set({ mode })} disabled={off} />
            </div>
            <p class="note">{t(`rules.mode_note.${form.mode}`)}</p>
            <TextField label={t("rules.owner")} value={form.owner} onInput={(owner) => set({ owner })} disabled={off} />
            <LongField label={t("rules.runbook")} note={t("rules.runbook_note")} value={form.runbook} onInput={(runbook) => set({ runbook })} disabled={off} />
            {form.maintenance.map((w, i) => <MaintenanceForm key={i} window={w} disabled={off} onChange={(next) => window(i, next)} onRemove={() => window(i, null)} />)}
            {props.admin && (
              <div class="row">
                <button type="button" onClick={() => set({ maintenance: [...form.maintenance, { weekdays: [6], from_minute: 120, to_minute: 240, from: null, to: null }] })}>{t("rules.add_weekly")}</button>
                <button type="button" onClick={() => set({ maintenance: [...form.maintenance, { weekdays: [], from_minute: 0, to_minute: 0, from: now, to: now + 7200 }] })}>{t("rules.add_once")}</button>
              </div>
            )}
            {error && error.field !== "name" && <Failure error={error} />}
            {said && <p class="done" role="status">{said}</p>}
            {props.admin && <div class="row"><button class="primary" disabled={!good}>{t("save")}</button>{!fresh && <button type="button" onClick={drop}>{t("rules.delete")}</button>}</div>}
          </Panel>
        </form>
        <div class="half">
          <BacktestPanel body={{ text: form.text }} admin={props.admin} />
          {rule && props.admin && <Snooze rule={rule} onDone={all.reload} />}
          {rule && rule.places.length > 0 && <Panel title={t("rules.now")} wide><Measured now={rule.places} /></Panel>}
          <Vocabulary rules={all.data} />
        </div>
        {!fresh && <Panel title={t("rules.firings")} wide><FiringsTable firings={firings.data?.firings ?? []} /></Panel>}
      </div>
    </>
  );
}

// On the wall: rules and guardrails that fire and page somebody. Nothing where none does.
export function FiringNow(): JSX.Element | null {
  const { data } = useGet<{ firings: Firing[] }>("/api/v1/firings?limit=50", 10);
  const open = (data?.firings ?? []).filter((f) => f.closed === null && f.paged !== null);
  if (open.length === 0) return null;
  return (
    <section class="banner banner-warn" aria-label={t("rules.firing_now")}>
      <div>
        <div class="banner-word">{t("rules.firing_now")}</div>
        {open.map((f) => (
          <p key={f.id}><Tag tone={kSeverityTones[f.severity]}>{t(`severity.${f.severity}`)}</Tag> <a href={f.role === "guardrail" ? "#/changes" : `#/rules/${f.rule}`}>{f.name || f.rule}</a>, {f.place.label}: {valuesWords(f.values)} ({moment(f.opened)})</p>
        ))}
      </div>
    </section>
  );
}
