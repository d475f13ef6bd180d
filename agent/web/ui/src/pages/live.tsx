// The wall: one sentence first, then who waits, who could answer, and how today's waits compare with the usual ones.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Figure, Help, Panel, Table, Tag, useVariable } from "../../kit/components";
import { callerMinutes, clock, count, duration, share } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import { currentLanguage, t } from "../../kit/i18n";
import type { AgentRow, Formula, Live, LiveScope, WaitingCaller } from "../types";
import { agentWords, kindWords, placeWords } from "../words";
import { Forecasts } from "./forecast";
import { FiringNow } from "./rules";
import { SurveysToday } from "./surveys";
import { WaitsChart } from "./waits_chart";

function Sentence(props: { live: Live }): JSX.Element {
  const live = props.live, worst = live.incidents[0];
  if (!live.observing) return <Banner tone="warn" word={t("wall.blind")} title={t("wall.blind_title")} text={t("wall.blind_text")} />;
  if (worst?.kind === "artificial_hold")
    return (
      <Banner tone="bad" word={kindWords(worst.kind)} title={live.free === null ? t("wall.hold_blind", { n: live.held }) : t("wall.hold", { n: live.held, free: live.free })}
        text={t("wall.since", { time: clock(worst.signalled) })} link={`#/incidents/${worst.id}`} />
    );
  if (worst) return <Banner tone="bad" word={t("wall.incident")} title={kindWords(worst.kind)} text={t("wall.since", { time: clock(worst.signalled) })} link={`#/incidents/${worst.id}`} />;
  if (live.waiting === 0) return <Banner tone="good" word={t("wall.calm")} title={t("wall.nobody")} text={t("wall.nobody_text")} />;
  if (live.free === 0) return <Banner tone="warn" word={t("wall.busy")} title={t("wall.all_busy", { n: live.waiting })} text={t("wall.all_busy_text")} />;
  return <Banner tone="good" word={t("wall.calm")} title={t("wall.served")} text={t("wall.served_text", { n: live.waiting })} />;
}

function Banner(props: { tone: "good" | "warn" | "bad"; word: string; title: string; text: string; link?: string }): JSX.Element {
  return (
    <div class={`banner banner-${props.tone}`}>
      <div>
        <div class="banner-word">{props.word}</div>
        <h1>{props.title}</h1>
        <p>{props.text}</p>
      </div>
      {props.link && <a class="button" href={props.link}>{t("wall.why")}</a>}
    </div>
  );
}

function Caller(props: { caller: WaitingCaller; longest: number }): JSX.Element {
  const c = props.caller;
  const { ref } = useVariable<HTMLElement>("--part", `${Math.min(100, (100 * c.age_s) / props.longest)}%`);
  return (
    <li class={c.held ? "caller caller-held" : "caller"}>
      <span class="caller-age">{duration(c.age_s)}</span>
      <span class="caller-bar">
        <i ref={ref} />
        <span class="caller-text"><b>{c.line_label || t("unknown")}</b> {c.held && <Tag tone="bad">{t("held")}</Tag>} {placeWords(c.place)}{c.queue_label && c.place !== "before_queue" ? ` ${c.queue_label}` : ""}</span>
      </span>
    </li>
  );
}

function Callers(props: { live: Live }): JSX.Element {
  const longest = Math.max(60, ...props.live.callers.map((c) => c.age_s));
  return (
    <Panel title={t("callers.title", { n: props.live.waiting })} note={props.live.pre_queue_known ? t("callers.note") : t("callers.note_queue_only")}>
      {props.live.callers.length === 0 && <p class="empty">{t("callers.none")}</p>}
      <ul class="callers" tabIndex={0} aria-label={t("callers.label")}>{props.live.callers.map((c) => <Caller key={c.id} caller={c} longest={longest} />)}</ul>
      {props.live.callers_omitted > 0 && <p class="note">{t("callers.more", { n: props.live.callers_omitted })}</p>}
    </Panel>
  );
}

const agentTone = (a: AgentRow): "good" | "warn" | "bad" | "calm" => (a.really_free ? "good" : a.state === "not_answering" ? "bad" : a.shown_free ? "warn" : "calm");

function Agents(props: { live: Live }): JSX.Element {
  const rows = [...props.live.agents].sort((a, b) => Number(b.shown_free) - Number(a.shown_free) || a.queue_label.localeCompare(b.queue_label) || a.name.localeCompare(b.name));
  return (
    <Panel title={t("agents.title")} note={props.live.agents_known ? t("agents.note") : t("agents.unknown")}>
      {rows.length === 0 && <p class="empty">{t("agents.none")}</p>}
      <ul class="agents">
        {rows.map((a) => (
          <li key={`${a.agent} ${a.queue}`}>
            <span>{a.name || a.agent}<small>{a.queue_label}, {duration(Math.max(0, props.live.at - a.since))}</small></span>
            <Tag tone={agentTone(a)}>{agentWords(a.state)}{a.misses > 0 ? ` (${t("agents.misses", { n: a.misses })})` : ""}</Tag>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function FormulaHelp(props: { id: string; formulas: Formula[] | null }): JSX.Element | null {
  const formula = props.formulas?.find((f) => f.id === props.id);
  return formula ? <Help title={formula.name}><p>{formula.text}</p><p class="formula">{formula.formula}</p></Help> : null;
}

function Scopes(props: { title: string; note?: string; scopes: LiveScope[]; formulas: Formula[] | null }): JSX.Element {
  const help = (id: string): JSX.Element => <FormulaHelp id={id} formulas={props.formulas} />;
  const levels = ["abandons_negative", "ignore_abandons", "abandons_positive", "only_handled"] as const;
  return (
    <Panel title={props.title} note={props.note} wide>
      <Table caption={props.title} empty={t("scopes.none")} numbers={[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}
        head={[t("scopes.name"), t("scopes.waiting"), t("scopes.longest"), t("scopes.offered"), t("scopes.answered"), t("scopes.abandoned"), <>{t("scopes.half")} {help("wait_p50_s")}</>,
          ...levels.map((l) => <>{t(`level.${l}`)} {help(l)}</>), <>{t("scopes.avoidable")} {help("avoidable_s")}</>, t("scopes.seen")]}
        rows={props.scopes.map((s) => ({
          key: s.id, ...(s.held > 0 ? { tone: "bad" as const } : {}),
          cells: [<>{s.label} {s.held > 0 && <Tag tone="bad">{t("scopes.held", { n: s.held })}</Tag>} {s.holding && <Tag tone="calm">{t("scopes.holding")}</Tag>}</>,
            count(s.waiting), s.longest_wait_s === null ? "–" : duration(s.longest_wait_s), count(s.today.offered), count(s.today.answered), count(s.today.abandoned),
            s.today.wait_p50_s === null ? t("no_calls") : duration(s.today.wait_p50_s), ...levels.map((l) => share(s.today.service_levels[l])),
            callerMinutes(s.today.avoidable_s), share(s.today.completeness)],
        }))} />
    </Panel>
  );
}

export function LivePage(props: { live: Live | null }): JSX.Element {
  const formulas = useGet<{ formulas: Formula[] }>(`/api/v1/formulas?lang=${currentLanguage()}`);
  const [line, setLine] = useState("");
  const live = props.live;
  if (!live) return <p role="status">{t("connecting")}</p>;
  const known = formulas.data?.formulas ?? null;
  const scopes = [...live.lines, ...live.queues];
  const shown = scopes.find((s) => s.id === line) ?? live.lines.find((s) => s.held > 0) ?? live.lines[0];
  return (
    <>
      <Sentence live={live} />
      <FiringNow />
      <div class="figures">
        <Figure label={t("figure.waiting")} value={count(live.waiting)} sub={live.longest_wait_s === null ? t("figure.nobody") : t("figure.longest", { time: duration(live.longest_wait_s) })}
          tone={live.held > 0 ? "bad" : "calm"} />
        <Figure label={t("figure.held")} value={count(live.held)} tone={live.held > 0 ? "bad" : "good"} sub={t("figure.held_sub")} />
        <Figure label={t("figure.free")} value={count(live.free)} sub={live.shown_free === null ? undefined : t("figure.shown_free", { n: live.shown_free, staffed: count(live.staffed) })} />
        <Figure label={t("figure.avoidable")} value={live.avoidable_today_s === null ? t("unknown") : callerMinutes(live.avoidable_today_s)} sub={t("figure.avoidable_sub")}
          help={<FormulaHelp id="avoidable_s" formulas={known} />} />
        <Figure label={t("figure.today")} value={count(live.today.offered)} sub={t("figure.today_sub", { answered: live.today.answered, abandoned: live.today.abandoned })} />
      </div>
      <div class="grid">
        <div class="half"><Callers live={live} /></div>
        <div class="half">
          {shown && (
            <Panel title={t("waits.title")} actions={
              <select aria-label={t("waits.choose")} value={shown.id} onChange={(e) => setLine((e.target as HTMLSelectElement).value)}>
                {live.lines.map((s) => <option key={`l${s.id}`} value={s.id}>{t("waits.line", { name: s.label })}</option>)}
                {live.queues.map((s) => <option key={`q${s.id}`} value={s.id}>{t("waits.queue", { name: s.label })}</option>)}
              </select>}>
              <WaitsChart waits={shown.waits} edges={live.wait_edges_s} />
            </Panel>
          )}
        </div>
        <div><Forecasts queues={live.queues} /></div>
        <div><Scopes title={t("scopes.lines")} note={t("scopes.note")} scopes={live.lines} formulas={known} /></div>
        <div><Scopes title={t("scopes.queues")} scopes={live.queues} formulas={known} /></div>
        <div><SurveysToday /></div>
        <div><Agents live={live} /></div>
      </div>
    </>
  );
}
