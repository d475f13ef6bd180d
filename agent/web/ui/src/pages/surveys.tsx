// Answers to surveys after calls: figures by queue with how many answers they rest on, and a file of them brought in.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post } from "../../kit/api";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import { count, decimal, share } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { currentLanguage, t } from "../../kit/i18n";
import type { SurveyImport, SurveyRow, Surveys } from "../types";

const kDays = [1, 7, 30] as const;

// A row as HQ has it too: it hears of no answers that were not valid.
type Row = Omit<SurveyRow, "bad" | "queue_label"> & { bad?: number; queue_label: string | null };

function figure(r: Row, fewest: number): string {
  if (r.answers < fewest) return t("survey.too_few", { n: fewest });
  if (r.nps !== null) return t("survey.nps", { v: new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(r.nps) });
  if (r.csat !== null) return t("survey.csat", { v: share(r.csat) });
  return "–";
}

const validity = (bad: number): JSX.Element | string => (bad > 0 ? <Tag tone="warn">{count(bad)}</Tag> : count(0));

export function SurveyTable(props: { surveys: { fewest: number; rows: Row[] } }): JSX.Element {
  const local = props.surveys.rows.some((r) => r.bad !== undefined);
  return (
    <Table caption={t("nav.surveys")} empty={t("survey.none")} numbers={[3, 4, 5, 6]}
      head={[t("survey.queue"), t("survey.question"), t("survey.figure"), t("survey.mean"), t("survey.poor"), t("survey.answers"), ...(local ? [t("survey.bad")] : [])]}
      rows={props.surveys.rows.map((r) => ({
        key: `${r.queue} ${r.question} ${r.low} ${r.high}`,
        cells: [r.queue_label || r.queue || t("survey.no_queue"), r.answers > 0 ? t("survey.scale", { question: t(`survey.question.${r.question}` as Key), low: r.low, high: r.high }) : t(`survey.question.${r.question}` as Key),
          r.answers > 0 ? figure(r, props.surveys.fewest) : "–", r.mean === null ? "–" : decimal(r.mean, 2), r.poor === null ? "–" : share(r.poor), count(r.answers),
          ...(r.bad === undefined ? [] : [validity(r.bad)])],
      }))} />
  );
}

function Import(props: { onDone: () => void }): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<ApiError | null>(null), [done, setDone] = useState<SurveyImport | null>(null);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const chosen = file.current?.files?.[0];
    if (!chosen) return;
    const answer = await post<SurveyImport>("/api/v1/surveys", { csv: await chosen.text() });
    setError(answer.ok ? null : answer.error);
    setDone(answer.ok ? answer.data : null);
    if (answer.ok) props.onDone();
  };
  return (
    <Panel title={t("survey.import")} note={t("survey.import_note")} wide>
      <pre>time;queue;question;score;scale{"\n"}2026-03-02 10:15;sales;csat;4;1-5{"\n"}2026-03-02 10:17;sales;nps;9;0-10</pre>
      <form class="setup" onSubmit={(e) => void send(e)}>
        <div class="row"><input ref={file} type="file" accept=".csv,text/csv,text/plain" aria-label={t("survey.file")} required /><button class="primary">{t("survey.send")}</button></div>
      </form>
      <Failure error={error} />
      {done && <p class="done" role="status">{t("survey.taken", { n: done.accepted, bad: done.bad, refused: done.refused_in_all })}</p>}
      {done && done.refused.length > 0 && <ul class="evidence" lang="en">{done.refused.slice(0, 10).map((r) => <li key={r.line}>{t("survey.line", { n: r.line })}: {r.problem}</li>)}</ul>}
    </Panel>
  );
}

// How the PBX tells its answers. The lines are its own and are not translated.
const kTold = [
  { where: "Asterisk: extensions.conf", lines: "UserEvent(Survey,Question: csat,Score: ${DIGIT},Scale: 1-5,Queue: sales)\nQueueLog(sales,${UNIQUEID},NONE,SURVEY,csat,${DIGIT},1-5)    ; where only queue_log is read" },
  { where: "FreeSWITCH: dialplan", lines: '<action application="event" data="Event-Name=CUSTOM,Event-Subclass=holdfast::survey,Survey-Question=csat,Survey-Score=${digit},Survey-Scale=1-5,Survey-Queue=${cc_queue}"/>' },
  { where: "POST /api/v1/events", lines: '{"id": "s17", "kind": "survey_answered", "queue": "sales", "question": "nps", "score": 9, "low": 0, "high": 10}' },
];

// `now` is held for a minute at a time, so that the address stays the same and is not asked for without end.
const since = (days: number): string => {
  const now = Math.floor(Date.now() / 60000) * 60 + 60;
  return `/api/v1/surveys?from=${now - days * 86400}&to=${now}`;
};

export function SurveysPage(props: { admin: boolean }): JSX.Element {
  const [days, setDays] = useState<number>(7);
  const loaded = useGet<Surveys>(since(days), 30);
  return (
    <>
      <h1>{t("nav.surveys")}</h1>
      <p>{t("survey.text", { n: loaded.data?.fewest ?? 20 })}</p>
      <div class="row" role="group" aria-label={t("survey.span")}>
        {kDays.map((d) => <button type="button" key={d} aria-pressed={days === d} onClick={() => setDays(d)}>{t(`survey.days.${d}`)}</button>)}
      </div>
      <Failure error={loaded.error} />
      <div class="grid">
        <Panel title={t("survey.figures")} note={loaded.data && loaded.data.too_old > 0 ? t("survey.too_old", { n: loaded.data.too_old }) : undefined} wide>
          {loaded.data && <SurveyTable surveys={loaded.data} />}
        </Panel>
        {props.admin && <Import onDone={loaded.reload} />}
        <Panel title={t("survey.told")} note={t("survey.told_note")} wide>
          <div class="setup">{kTold.map((b) => <><h3>{b.where}</h3><pre>{b.lines}</pre></>)}</div>
        </Panel>
      </div>
    </>
  );
}

// On the wall: only where callers are asked at all.
export function SurveysToday(): JSX.Element | null {
  const { data } = useGet<Surveys>(since(1), 60);
  if (!data || data.rows.length === 0) return null;
  return <Panel title={t("survey.today")} note={t("survey.today_note", { n: data.fewest })} wide><SurveyTable surveys={data} /></Panel>;
}
