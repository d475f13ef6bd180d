// Would this text have fired? Begins a backtest, follows it, shows its firings over time beside the incidents on record.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { get, post, remove } from "../../kit/api";
import { Failure, Panel, Table, TextField } from "../../kit/components";
import { count, duration, moment } from "../../kit/format";
import { t } from "../../kit/i18n";
import type { Backtest, BacktestResult, Foretold, Score } from "../rule_types";
import { kindWords } from "../words";
import { valuesWords } from "./rule_parts";

export function afterOnset(s: number | null): string {
  if (s === null) return t("backtest.no_incident");
  return s < 0 ? t("backtest.before", { v: duration(-s) }) : duration(s);
}

// Firings above, incidents on record below, over the whole range.
function Strip(props: { result: BacktestResult }): JSX.Element {
  const r = props.result, span = Math.max(r.to - r.from, 1);
  const x = (at: number): number => Math.min(Math.max((at - r.from) / span, 0), 1) * 1000;
  const width = (from: number, to: number | null): number => Math.max(x(to ?? r.to) - x(from), 3);
  const incidents = [...new Map([...r.firings.flatMap((f) => (f.incident ? [f.incident] : [])), ...r.unforetold].map((i) => [i.id, i])).values()];
  return (
    <figure class="chart">
      <svg class="strip" viewBox="0 0 1000 64" preserveAspectRatio="none" role="img" aria-label={t("backtest.strip", { n: r.firings.length, m: incidents.length })}>
        <rect class="strip-ground" x="0" y="4" width="1000" height="26" /><rect class="strip-ground" x="0" y="34" width="1000" height="26" />
        {r.firings.map((f) => <rect key={f.id} class="strip-firing" x={x(f.opened)} y="4" width={width(f.opened, f.closed)} height="26" />)}
        {incidents.map((i) => <rect key={i.id} class="strip-incident" x={x(i.onset)} y="34" width={width(i.onset, i.closed)} height="26" />)}
      </svg>
      <ul class="legend"><li><i class="swatch-now" />{t("backtest.firings")}</li><li><i class="swatch-held" />{t("backtest.incidents")}</li><li>{moment(r.from)} – {moment(r.to)}</li></ul>
    </figure>
  );
}

export function ScoreWords(props: { score: Score }): JSX.Element {
  const s = props.score;
  return (
    <dl class="facts">
      <dt>{t("hypotheses.signals")}</dt><dd>{count(s.signals)}</dd>
      <dt>{t("hypotheses.hits")}</dt><dd>{count(s.hits)}</dd>
      <dt>{t("hypotheses.misses")}</dt><dd>{count(s.misses)}</dd>
      <dt>{t("hypotheses.open")}</dt><dd>{count(s.open)}</dd>
      <dt>{t("hypotheses.foreseen")}</dt><dd>{t("hypotheses.of", { a: s.foreseen, b: s.targets })}</dd>
      <dt>{t("hypotheses.lead")}</dt><dd>{s.median_lead_s === null ? t("unknown") : duration(s.median_lead_s)}</dd>
    </dl>
  );
}

const row = (f: Foretold): { key: string; cells: JSX.Element[] } => ({
  key: f.id,
  cells: [<span class="nowrap">{moment(f.opened)}</span>, <>{f.place.label}</>, <>{valuesWords(f.values)}</>, <>{f.closed === null ? t("rules.ended.still") : duration(f.closed - f.opened)}</>,
    <>{f.incident ? kindWords(f.incident.kind) : "–"}</>, <>{afterOnset(f.after_onset_s)}</>],
});

function Result(props: { result: BacktestResult }): JSX.Element {
  const r = props.result;
  return (
    <>
      <p role="status"><b>{t("backtest.fired", { n: r.firings.length })}</b> {t("backtest.seen", { n: r.entries })} {r.more && t("backtest.more")}</p>
      <Strip result={r} />
      {r.score && <ScoreWords score={r.score} />}
      <div class="chart-table"><Table caption={t("backtest.firings")} empty={t("backtest.none")} head={[t("rules.opened"), t("rules.place"), t("rules.measured"), t("backtest.lasted"), t("backtest.incident"), t("backtest.signal")]}
        rows={r.firings.slice(0, 200).map(row)} /></div>
      {r.unforetold.length > 0 && <p>{t("backtest.unforetold", { n: r.unforetold.length })} {r.unforetold.slice(0, 5).map((i) => `${kindWords(i.kind)} (${moment(i.onset)})`).join(", ")}</p>}
    </>
  );
}

export function BacktestPanel(props: { body: Record<string, unknown> & { text: string }; admin: boolean }): JSX.Element {
  const [days, setDays] = useState("14"), [test, setTest] = useState<Backtest | null>(null), [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    if (!test || test.state !== "running") return;
    const timer = window.setTimeout(() => void get<Backtest>(`/api/v1/backtests/${test.id}`).then((answer) => (answer.ok ? setTest(answer.data) : setError(answer.error))), 700);
    return () => window.clearTimeout(timer);
  }, [test]);
  const begin = async (): Promise<void> => {
    const answer = await post<Backtest>("/api/v1/backtests", { ...props.body, days: Number(days) || 0 });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setTest(answer.data);
  };
  return (
    <Panel title={t("backtest.title")} note={t("backtest.text")} wide>
      {props.admin && (
        <div class="row row-fields">
          <TextField label={t("backtest.days")} type="number" min={1} max={400} value={days} onInput={setDays} />
          <button type="button" disabled={props.body.text.trim() === "" || test?.state === "running"} onClick={() => void begin()}>{t("backtest.go")}</button>
          {test?.state === "running" && <button type="button" onClick={() => void remove(`/api/v1/backtests/${test.id}`)}>{t("backtest.cancel")}</button>}
        </div>
      )}
      <Failure error={error} />
      {test?.state === "running" && <p role="status">{t("backtest.running")} <progress max={1} value={test.progress} aria-label={t("backtest.running")} /></p>}
      {test?.state === "cancelled" && <p role="status">{t("backtest.cancelled")}</p>}
      {test?.state === "failed" && <p class="failure" role="alert">{test.what}</p>}
      {test?.result && <Result result={test.result} />}
    </Panel>
  );
}
