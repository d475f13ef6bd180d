import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import uPlot from "uplot";
import type { ApiError } from "../../kit/api";
import { post } from "../../kit/api";
import { Chart, themeColour } from "../../kit/chart";
import { Failure, Figure, Panel, Table, Tag } from "../../kit/components";
import { callerMinutes, clock, count, duration, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import { currentLanguage, t } from "../../kit/i18n";
import type { Incident, IncidentPage as Page } from "../types";
import { outcomeWords } from "../words";
import { Why } from "./why";

export function Incidents(): JSX.Element {
  const { data, error } = useGet<{ incidents: Incident[] }>(`/api/v1/incidents?lang=${currentLanguage()}`, 10);
  return (
    <>
      <h1>{t("nav.incidents")}</h1>
      <p>{t("incidents.text")}</p>
      <Failure error={error} />
      <Panel title={t("incidents.all")} wide>
        <Table caption={t("nav.incidents")} empty={data ? t("incidents.none") : t("connecting")} numbers={[3, 4, 5]}
          head={[t("incidents.what"), t("lines"), t("incidents.onset"), t("incidents.tts"), t("incidents.imposed"), t("incidents.affected"), t("incidents.state")]}
          rows={(data?.incidents ?? []).map((i) => ({
            key: i.id, ...(i.closed === null ? { tone: "bad" as const } : {}),
            cells: [<a href={`#/incidents/${i.id}`}>{i.title}</a>, [...i.lines, ...(i.lines.length === 0 ? i.queues : [])].map((l) => l.label).join(", "), moment(i.onset), duration(i.time_to_signal_s),
              i.imposed_wait_s === null ? t("incidents.not_yet") : duration(i.imposed_wait_s), count(i.affected_calls),
              <Tag tone={i.closed === null ? "bad" : "calm"}>{i.closed === null ? (i.acknowledged === null ? t("incidents.open") : t("incidents.seen")) : t("incidents.closed")}</Tag>],
          }))} />
      </Panel>
    </>
  );
}

function CallsChart(props: { page: Page }): JSX.Element {
  const chart = props.page.chart, onset = props.page.incident.onset;
  const data = useMemo<uPlot.AlignedData>(() => {
    const calls = chart.calls;
    const pick = (good: (c: (typeof calls)[number]) => boolean): (number | null)[] => calls.map((c) => (good(c) ? c.wait_s / 60 : null));
    return [calls.map((c) => c.arrived), pick((c) => !c.held && c.outcome === "answered"), pick((c) => !c.held && c.outcome !== "answered"), pick((c) => c.held),
      calls.map(() => (chart.usual_s === null ? null : chart.usual_s / 60))];
  }, [chart]);
  const options = useCallback((): Omit<uPlot.Options, "width"> => {
    const dots = (name: string, filled: boolean): uPlot.Series => ({
      stroke: themeColour(name), width: 0, paths: () => null, points: { show: true, size: 7, width: 2, stroke: themeColour(name), fill: filled ? themeColour(name) : themeColour("--card") },
    });
    return {
      height: 320, legend: { show: false }, cursor: { show: false },
      scales: { x: { range: [chart.from, chart.to] }, y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.08)] } },
      axes: [{ stroke: themeColour("--soft"), grid: { stroke: themeColour("--line") }, values: (_u, at) => at.map((s) => clock(s).replace(/:\d\d(?=\D*$)/, "")) },
        { stroke: themeColour("--soft"), grid: { stroke: themeColour("--line") }, label: t("chart.minutes"), size: 60 }],
      series: [{}, dots("--usual", true), dots("--soft", false), dots("--held", true), { stroke: themeColour("--accent"), width: 2, dash: [6, 5], points: { show: false } }],
      hooks: {
        draw: [(u) => {
          const x = u.valToPos(onset, "x", true);
          u.ctx.save();
          u.ctx.strokeStyle = themeColour("--bad");
          u.ctx.setLineDash([3, 4]);
          u.ctx.beginPath();
          u.ctx.moveTo(x, u.bbox.top);
          u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
          u.ctx.stroke();
          u.ctx.restore();
        }],
      },
    };
  }, [chart, onset, currentLanguage()]);
  return (
    <Panel title={t("chart.title")} note={t("chart.note")} wide>
      <ul class="legend">
        <li><i class="swatch-usual" />{t("chart.answered")}</li><li><i class="swatch-left" />{t("chart.left")}</li><li><i class="swatch-held" />{t("chart.held")}</li>
        {chart.usual_s !== null && <li><i class="swatch-now" />{t("chart.usual", { time: duration(chart.usual_s) })}</li>}
      </ul>
      <Chart label={t("chart.title")} data={data} options={options}
        table={() => ({ head: [t("chart.arrived"), t("lines"), t("chart.wait"), t("chart.end"), t("held")], rows: chart.calls.map((c) => [moment(c.arrived), c.line, duration(c.wait_s), outcomeWords(c.outcome), c.held ? t("yes") : t("no")]) })} />
    </Panel>
  );
}

function Head(props: { incident: Incident; onSeen: () => void }): JSX.Element {
  const i = props.incident;
  const [error, setError] = useState<ApiError | null>(null);
  const acknowledge = async (): Promise<void> => {
    const answer = await post(`/api/v1/incidents/${i.id}/acknowledge?lang=${currentLanguage()}`);
    if (answer.ok) props.onSeen();
    else setError(answer.error);
  };
  return (
    <div class={`banner banner-${i.closed === null ? "bad" : "good"}`}>
      <div>
        <div class="banner-word">{i.closed === null ? t("incidents.open") : t("incidents.closed_at", { time: moment(i.closed) })}</div>
        <h1>{i.title}</h1>
        <p>{i.sentence}</p>
        <Failure error={error} />
      </div>
      {i.acknowledged === null && i.closed === null && <button type="button" class="primary" onClick={() => void acknowledge()}>{t("incidents.acknowledge")}</button>}
      {i.declared !== null && <a href="#/changes"><Tag tone="warn">{t("incidents.declared")}</Tag></a>}
      {i.acknowledged !== null && <Tag tone="calm">{t("incidents.seen_by", { who: i.acknowledged_by ?? "", time: moment(i.acknowledged) })}</Tag>}
    </div>
  );
}

export function IncidentPage(props: { id: string }): JSX.Element {
  const { data, error, reload } = useGet<Page>(`/api/v1/incidents/${encodeURIComponent(props.id)}?lang=${currentLanguage()}`, 10);
  if (!data) return error ? <Failure error={error} /> : <p role="status">{t("connecting")}</p>;
  const i = data.incident;
  return (
    <>
      <p><a href="#/incidents">{t("incidents.back")}</a></p>
      <Head incident={i} onSeen={reload} />
      <div class="figures">
        <Figure label={t("incidents.imposed_each")} value={i.imposed_wait_s === null ? t("incidents.not_yet") : duration(i.imposed_wait_s)} sub={i.imposed_wait_s === null ? t("incidents.not_yet_text") : t("incidents.beyond")} tone="bad" />
        <Figure label={t("incidents.affected")} value={count(i.affected_calls)} />
        <Figure label={t("incidents.imposed_minutes")} value={callerMinutes(i.imposed_caller_s)} sub={t("caller_minutes")} />
        <Figure label={t("incidents.avoidable_minutes")} value={callerMinutes(i.avoidable_caller_s)} sub={t("caller_minutes")} />
        <Figure label={t("incidents.tts")} value={duration(i.time_to_signal_s)} sub={t("incidents.tts_sub")} />
      </div>
      <div class="grid">
        <div class="half">
          <Panel title={t("incidents.evidence")}><ul class="evidence">{i.evidence.map((e) => <li key={e.template + e.at}>{e.text}</li>)}</ul></Panel>
        </div>
        <div class="half">
          <Panel title={t("incidents.checks")} note={t("incidents.checks_note")}><ol class="checks">{i.first_checks.map((c) => <li key={c.template}><span>{c.text}</span></li>)}</ol></Panel>
        </div>
        <div><Why incident={i} /></div>
        <div><CallsChart page={data} /></div>
        <div>
          <Panel title={t("incidents.facts")} wide>
            <dl class="facts">
              {i.lines.length > 0 && <><dt>{t("lines")}</dt><dd>{i.lines.map((l) => `${l.label}${l.label === l.id ? "" : ` (${l.id})`}${l.named === null ? "" : `, ${t("incidents.named", { time: clock(l.named) })}`}`).join("; ")}</dd></>}
              {i.queues.length > 0 && <><dt>{t("queues")}</dt><dd>{i.queues.map((q) => q.label).join(", ")}</dd></>}
              {i.members.length > 0 && <><dt>{t("incidents.phones")}</dt><dd>{i.members.map((m) => (m.label === m.id ? m.id : `${m.label} (${m.id})`)).join(", ")}</dd></>}
              <dt>{t("incidents.onset")}</dt><dd>{t("incidents.onset_between", { at: moment(i.onset), low: clock(i.onset_low), high: clock(i.onset_high) })}</dd>
              <dt>{t("incidents.signalled")}</dt><dd>{moment(i.signalled)}</dd>
              <dt>{t("incidents.ended")}</dt><dd>{i.closed === null ? t("incidents.still") : moment(i.closed)}</dd>
            </dl>
          </Panel>
        </div>
      </div>
    </>
  );
}
