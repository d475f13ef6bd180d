// Declared changes: planned experiments, what was expected beside what is measured, and whether a guardrail broke.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, remove } from "../../kit/api";
import type { Tone } from "../../kit/components";
import { Failure, Panel, Table, Tag, TextField } from "../../kit/components";
import { count, duration, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import { t } from "../../kit/i18n";
import type { Change, Rules } from "../rule_types";
import { kindWords } from "../words";
import { Choice, localOf, LongField, RuleTextField, TruthTag, unixOf, valuesWords } from "./rule_parts";
import { FiringsTable } from "./rules";

const kTones: Record<Change["phase"], Tone> = { planned: "calm", running: "warn", over: "good" };

function Guardrails(props: { change: Change }): JSX.Element {
  return (
    <Table caption={t("changes.guardrails")} empty={t("changes.no_guardrails")} head={[t("changes.guardrail"), t("rules.now"), t("rules.measured")]}
      rows={props.change.guardrails.map((rail) => ({
        key: rail.id,
        cells: [<code class="wordy">{rail.text}</code>, rail.places[0] && props.change.phase === "running" ? <TruthTag at={rail.places[0]} /> : "–", valuesWords(rail.places[0]?.values ?? [])],
      }))} />
  );
}

function Card(props: { change: Change; admin: boolean; onChanged: () => void }): JSX.Element {
  const c = props.change, broken = c.broken.some((f) => f.closed === null);
  return (
    <Panel title={c.name} wide actions={<span><Tag tone={broken ? "bad" : kTones[c.phase]}>{broken ? t("changes.broken") : t(`changes.phase.${c.phase}`)}</Tag></span>}>
      <p>{c.place.label} · {moment(c.from)} – {moment(c.to)}</p>
      {c.what && <p>{c.what}</p>}
      <Table caption={t("changes.measured")} empty="" head={["", t("changes.expected"), t("changes.before"), t("changes.during")]}
        rows={[
          { key: "wait", cells: [t("changes.wait"), c.expected_wait_s === null ? "–" : t("changes.more", { v: duration(c.expected_wait_s) }), duration(c.before.wait_s), duration(c.during.wait_s)] },
          { key: "handling", cells: [t("changes.handling"), c.expected_handling_s === null ? "–" : duration(c.expected_handling_s), duration(c.before.handling_s), duration(c.during.handling_s)] },
          { key: "answered", cells: [t("changes.answered"), "", count(c.before.answered), count(c.during.answered)] },
        ]} />
      <Guardrails change={c} />
      {c.incidents.length > 0 && (
        <ul class="evidence">{c.incidents.map((i) => <li key={i.id}><a href={`#/incidents/${i.id}`}>{kindWords(i.kind)}</a> {moment(i.onset)}: {t("changes.imposed", { v: duration(i.imposed_wait_s), n: i.affected_calls })} <Tag tone="calm">{t("changes.declared")}</Tag></li>)}</ul>
      )}
      {c.broken.length > 0 && <FiringsTable firings={c.broken} />}
      <p class="note">{t("changes.by", { who: c.declared_by })} {moment(c.declared)}{c.owner && ` · ${c.owner}`}</p>
      {props.admin && <button type="button" onClick={() => void remove(`/api/v1/changes/${c.id}`).then(props.onChanged)}>{t(c.phase === "running" ? "changes.end" : "rules.remove")}</button>}
    </Panel>
  );
}

function Declare(props: { rules: Rules | null; onDeclared: () => void }): JSX.Element {
  const start = Math.ceil(Date.now() / 900_000) * 900;
  const [form, setForm] = useState({ name: "", owner: "", what: "", place: "", from: localOf(start), to: localOf(start + 14 * 86400), wait: "", handling: "" });
  const [rails, setRails] = useState<string[]>([]), [error, setError] = useState<ApiError | null>(null);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const places = (props.rules?.names ?? []).map((n) => `${n.scope}:${n.id}`), place = form.place || places[0] || "";
  const label = (v: string): string => {
    const name = props.rules?.names.find((n) => `${n.scope}:${n.id}` === v);
    return name ? `${t(name.scope === "line" ? "changes.line" : "changes.queue")} ${name.label}` : v;
  };
  const declare = async (event: Event): Promise<void> => {
    event.preventDefault();
    const seconds = (minutes: string): number | null => (minutes.trim() === "" ? null : Number(minutes) * 60);
    const answer = await post("/api/v1/changes", {
      name: form.name, owner: form.owner, what: form.what, scope: place.split(":")[0], subject: place.slice(place.indexOf(":") + 1), from: unixOf(form.from), to: unixOf(form.to),
      expected_wait_s: seconds(form.wait), expected_handling_s: seconds(form.handling), guardrails: rails.filter((text) => text.trim() !== ""),
    });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) set({ name: "", what: "" }), setRails([]), props.onDeclared();
  };
  return (
    <form class="half" onSubmit={(e) => void declare(e)}>
      <Panel title={t("changes.new")} note={t("changes.new_note")} wide>
        <TextField label={t("rules.name")} value={form.name} onInput={(name) => set({ name })} required />
        <Choice label={t("changes.place")} value={place} of={places} word={label} onChange={(v) => set({ place: v })} />
        <div class="cells">
          <TextField label={t("rules.from")} type="datetime-local" value={form.from} onInput={(from) => set({ from })} />
          <TextField label={t("rules.to")} type="datetime-local" value={form.to} onInput={(to) => set({ to })} />
          <TextField label={t("changes.expected_wait")} type="number" min={0} value={form.wait} onInput={(wait) => set({ wait })} />
          <TextField label={t("changes.expected_handling")} type="number" min={0} value={form.handling} onInput={(handling) => set({ handling })} />
        </div>
        <LongField label={t("changes.what")} value={form.what} onInput={(what) => set({ what })} />
        <TextField label={t("rules.owner")} value={form.owner} onInput={(owner) => set({ owner })} />
        {rails.map((text, i) => <RuleTextField key={i} label={t("changes.guardrail")} value={text} onInput={(next) => setRails(rails.map((old, n) => (n === i ? next : old)))} />)}
        {rails.length < 5 && <button type="button" onClick={() => setRails([...rails, ""])}>{t("changes.add_guardrail")}</button>}
        <Failure error={error} />
        <div class="row"><button class="primary" disabled={place === ""}>{t("changes.declare")}</button></div>
      </Panel>
    </form>
  );
}

export function ChangesPage(props: { admin: boolean }): JSX.Element {
  const { data, error, reload } = useGet<{ changes: Change[] }>("/api/v1/changes", 10), rules = useGet<Rules>("/api/v1/rules");
  return (
    <>
      <h1>{t("changes.title")}</h1>
      <p>{t("changes.intro")}</p>
      <Failure error={error} />
      <div class="grid">
        <div class="half">
          {data?.changes.length === 0 && <p>{t("changes.none")}</p>}
          {(data?.changes ?? []).map((c) => <Card key={c.id} change={c} admin={props.admin} onChanged={reload} />)}
        </div>
        {props.admin && <Declare rules={rules.data} onDeclared={reload} />}
      </div>
    </>
  );
}
