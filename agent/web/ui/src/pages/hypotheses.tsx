// The register of hypotheses: what a signal is expected to precede, and how it has done so far.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, remove } from "../../kit/api";
import { Failure, Panel, Tag, TextField } from "../../kit/components";
import { duration, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Hypothesis, Rules } from "../rule_types";
import { BacktestPanel, ScoreWords } from "./backtest";
import { Choice, LongField, Measured, RuleTextField } from "./rule_parts";

const kKinds = ["artificial_hold", "dead_queue", "phones_refuse", "missing_agents", "handling_time", "arrival_surge", "wait_drift", "trunk_failure", "source_gap"] as const;

const targetWords = (target: string, rules: Rules | null): string =>
  target.startsWith("rule:") ? (rules?.rules.find((r) => `rule:${r.id}` === target)?.name ?? target) : t(`kind.${target.slice(9)}` as Key);

function Card(props: { h: Hypothesis; rules: Rules | null; admin: boolean; onChanged: () => void }): JSX.Element {
  const h = props.h;
  return (
    <Panel title={h.name} wide actions={<Tag tone={h.decided ? "good" : "calm"}>{h.decided ? t("hypotheses.decided") : t("hypotheses.running")}</Tag>}>
      <p><code>{h.signal}</code></p>
      <p>{t("hypotheses.precedes")} <b>{targetWords(h.target, props.rules)}</b>, {t("hypotheses.within", { a: duration(h.lead_min_s), b: duration(h.lead_max_s) })}</p>
      {h.expectation && <p class="note">{h.expectation}</p>}
      <ScoreWords score={h.score} />
      <p class="note">{t("hypotheses.since", { n: h.weeks })} {moment(h.created)} · {h.created_by}{h.owner && ` · ${h.owner}`}</p>
      <details><summary>{t("rules.now")}</summary><Measured now={h.places} /></details>
      <details><summary>{t("backtest.title")}</summary><BacktestPanel admin={props.admin} body={{ text: h.signal, target: h.target, lead_min_s: h.lead_min_s, lead_max_s: h.lead_max_s }} /></details>
      {props.admin && <button type="button" onClick={() => void remove(`/api/v1/hypotheses/${h.id}`).then(props.onChanged)}>{t("rules.delete")}</button>}
    </Panel>
  );
}

function NewHypothesis(props: { rules: Rules | null; onAdded: () => void }): JSX.Element {
  const [form, setForm] = useState({ name: "", signal: "", expectation: "", owner: "", target: "incident:artificial_hold", least: "0", most: "30", weeks: "4" });
  const [good, setGood] = useState(false), [error, setError] = useState<ApiError | null>(null);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const targets = [...kKinds.map((k) => `incident:${k}`), ...(props.rules?.rules ?? []).map((r) => `rule:${r.id}`)];
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { least, most, weeks, ...rest } = form;
    const answer = await post("/api/v1/hypotheses", { ...rest, lead_min_s: Number(least) * 60, lead_max_s: Number(most) * 60, weeks: Number(weeks) });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) set({ name: "", signal: "", expectation: "" }), props.onAdded();
  };
  return (
    <form class="half" onSubmit={(e) => void add(e)}>
      <Panel title={t("hypotheses.new")} wide>
        <TextField label={t("rules.name")} value={form.name} onInput={(name) => set({ name })} required />
        <RuleTextField label={t("hypotheses.signal")} value={form.signal} onInput={(signal) => set({ signal })} onGood={setGood} />
        <Choice label={t("hypotheses.precedes")} value={form.target} of={targets} word={(v) => targetWords(v, props.rules)} onChange={(target) => set({ target })} />
        <div class="cells">
          <TextField label={t("hypotheses.least")} type="number" min={0} value={form.least} onInput={(least) => set({ least })} />
          <TextField label={t("hypotheses.most")} type="number" min={1} value={form.most} onInput={(most) => set({ most })} />
          <TextField label={t("hypotheses.weeks")} type="number" min={1} max={52} value={form.weeks} onInput={(weeks) => set({ weeks })} />
        </div>
        <LongField label={t("hypotheses.expectation")} value={form.expectation} onInput={(expectation) => set({ expectation })} />
        <TextField label={t("rules.owner")} value={form.owner} onInput={(owner) => set({ owner })} />
        <Failure error={error} />
        <button class="primary" disabled={!good}>{t("hypotheses.add")}</button>
      </Panel>
    </form>
  );
}

export function HypothesesPage(props: { admin: boolean }): JSX.Element {
  const { data, error, reload } = useGet<{ hypotheses: Hypothesis[] }>("/api/v1/hypotheses", 10), rules = useGet<Rules>("/api/v1/rules");
  return (
    <>
      <h1>{t("nav.hypotheses")}</h1>
      <p>{t("hypotheses.intro")}</p>
      <Failure error={error} />
      <div class="grid">
        <div class="half">
          {data?.hypotheses.length === 0 && <p>{t("hypotheses.none")}</p>}
          {(data?.hypotheses ?? []).map((h) => <Card key={h.id} h={h} rules={rules.data} admin={props.admin} onChanged={reload} />)}
        </div>
        {props.admin && <NewHypothesis rules={rules.data} onAdded={reload} />}
      </div>
    </>
  );
}
