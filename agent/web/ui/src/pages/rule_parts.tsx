// Parts that the pages of rules share: a text with its check, values in words, the state of a rule, times that people type.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { post } from "../../kit/api";
import type { Tone } from "../../kit/components";
import { Field, Table, Tag } from "../../kit/components";
import { count, duration, share } from "../../kit/format";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Firing, RuleAt, RuleCheck, RuleProblem, RuleValue, Severity } from "../rule_types";

export const kSeverityTones: Record<Severity, Tone> = { info: "calm", warning: "warn", critical: "bad" };

export function valueWords(v: RuleValue): string {
  if (v.value === null) return `${v.measure}: ${t(`rules.why.${v.why}` as Key)}`;
  const shown = v.unit === "seconds" ? duration(v.value) : v.unit === "share" ? share(v.value) : count(v.value);
  return `${v.measure}: ${v.at_least ? t("rules.at_least", { v: shown }) : shown}`;
}
export const valuesWords = (values: RuleValue[]): string => values.map(valueWords).join(" · ");

export function TruthTag(props: { at: RuleAt }): JSX.Element {
  if (props.at.firing) return <Tag tone="bad">{t("rules.state.firing")}</Tag>;
  if (props.at.truth === "unknown") return <Tag tone="warn">{t("rules.state.unknown")}</Tag>;
  return <Tag tone={props.at.truth === "yes" ? "warn" : "good"}>{t(props.at.truth === "yes" ? "rules.state.pending" : "rules.state.quiet")}</Tag>;
}

// Where a firing stands: still, or how it ended.
export const endWords = (firing: Firing): string => t(`rules.ended.${firing.ended}` as Key);

// Columns are bytes of UTF-8; the page marks characters.
function cut(text: string, problem: RuleProblem): [string, string, string] {
  const bytes = new TextEncoder().encode(text), read = new TextDecoder();
  const from = problem.column - 1, to = from + problem.length;
  return [read.decode(bytes.slice(0, from)), read.decode(bytes.slice(from, to)), read.decode(bytes.slice(to))];
}

function Wrong(props: { text: string; problem: RuleProblem; onUse: (text: string) => void; disabled: boolean }): JSX.Element {
  const p = props.problem, [before, wrong, after] = cut(props.text, p);
  const fits = p.suggestion !== "" && p.id.startsWith("unknown_");
  return (
    <div class="rule-wrong" role="alert">
      <p class="rule-marked">{before}<mark>{wrong || "␣"}</mark>{after}</p>
      <p class="field-error">{t("rules.column", { n: p.column })}: {t(`rules.problem.${p.id}` as Key)}{p.name && `: ${p.name}`}</p>
      {p.suggestion && <p class="row">{t("rules.meant")} <code>{p.suggestion}</code>
        {fits && !props.disabled && <button type="button" onClick={() => props.onUse(before + p.suggestion + after)}>{t("rules.use")}</button>}</p>}
    </div>
  );
}

// A rule's text, checked by the box while it is typed: what is wrong and where, or what it measures now.
export function RuleTextField(props: { label: string; value: string; onInput: (text: string) => void; onGood?: (good: boolean) => void; disabled?: boolean }): JSX.Element {
  const [check, setCheck] = useState<RuleCheck | null>(null);
  useEffect(() => {
    let gone = false;
    const look = (): void => {
      if (props.value.trim() === "") return setCheck(null);
      void post<RuleCheck>("/api/v1/rules/check", { text: props.value }).then((answer) => {
        if (gone || !answer.ok) return;
        setCheck(answer.data);
        props.onGood?.(answer.data.problem === null);
      });
    };
    const soon = window.setTimeout(look, 300), again = window.setInterval(look, 10_000);
    return () => {
      gone = true;
      window.clearTimeout(soon);
      window.clearInterval(again);
    };
  }, [props.value]);
  return (
    <>
      <Field label={props.label} note={t("rules.text_note")}>
        {(id, about) => (
          <textarea id={id} class="rule-text" rows={3} spellcheck={false} maxLength={500} value={props.value} disabled={props.disabled} aria-describedby={about}
            aria-invalid={check?.problem ? "true" : undefined} onInput={(e) => props.onInput((e.target as HTMLTextAreaElement).value)} />
        )}
      </Field>
      {check?.problem && <Wrong text={props.value} problem={check.problem} onUse={props.onInput} disabled={props.disabled === true} />}
      {check && !check.problem && <Measured now={check.now} />}
    </>
  );
}

export function Measured(props: { now: RuleAt[] }): JSX.Element {
  return (
    <Table caption={t("rules.now")} empty={t("rules.no_place")} head={[t("rules.place"), t("rules.now"), t("rules.measured")]}
      rows={props.now.map((at) => ({ key: `${at.place.scope}/${at.place.id}`, cells: [at.place.label, <TruthTag at={at} />, valuesWords(at.values)] }))} />
  );
}

export function Choice<T extends string>(props: { label: string; value: T; of: readonly T[]; word: (v: T) => string; onChange: (v: T) => void; disabled?: boolean; note?: string }): JSX.Element {
  return (
    <Field label={props.label} note={props.note}>
      {(id, about) => (
        <select id={id} aria-describedby={about} value={props.value} disabled={props.disabled} onChange={(e) => props.onChange((e.target as HTMLSelectElement).value as T)}>
          {props.of.map((v) => <option key={v} value={v}>{props.word(v)}</option>)}
        </select>
      )}
    </Field>
  );
}

export function LongField(props: { label: string; value: string; onInput: (v: string) => void; disabled?: boolean; note?: string }): JSX.Element {
  return (
    <Field label={props.label} note={props.note}>
      {(id, about) => <textarea id={id} rows={3} maxLength={2000} value={props.value} disabled={props.disabled} aria-describedby={about} onInput={(e) => props.onInput((e.target as HTMLTextAreaElement).value)} />}
    </Field>
  );
}

const two = (n: number): string => String(n).padStart(2, "0");
export const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
export const minutesOf = (text: string): number => {
  const [h, m] = text.split(":").map(Number);
  return (h ?? 0) * 60 + (m ?? 0);
};
// What <input type="datetime-local"> holds, in the browser's time zone.
export function localOf(unix: number): string {
  const d = new Date(unix * 1000);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}
export const unixOf = (local: string): number => Math.round(new Date(local).getTime() / 1000) || 0;
