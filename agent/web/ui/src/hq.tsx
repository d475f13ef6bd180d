// HQ's page: every site with its three clocks, what is open, and what several sites show at once.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../kit/api";
import { get, post, remove, setCsrfToken, whenLoggedOut } from "../kit/api";
import { errorText, Failure, LanguageSwitch, Panel, Table, Tag } from "../kit/components";
import { callerMinutes, count, duration, moment } from "../kit/format";
import { useGet, useLanguage, usePlace } from "../kit/hooks";
import type { Key } from "../kit/i18n";
import { currentLanguage, setLanguage, t } from "../kit/i18n";
import "../kit/style.css";
import { Login, Setup } from "./pages/entry";
import { SurveyTable } from "./pages/surveys";
import type { IncidentKind, Session, State, SurveyRow } from "./types";
import { kindWords } from "./words";

interface Site {
  site: string; label: string; revoked: boolean; silent: boolean; last_contact: number | null; newest_data: number | null; complete_until: number | null;
  waiting_sequences: number; agent_version: string | null; open_incidents: number; refused_messages: number;
}
interface Named { id: string; label: string | null }
interface SiteIncident {
  site: string; id: string; kind: IncidentKind; lines: Named[]; queues: Named[]; onset: number; signalled: number; time_to_signal_s: number; closed: number | null;
  imposed_wait_s: number | null; affected_calls: number; imposed_caller_s: number;
}
interface HqIncident { id: string; imposed_wait_s: number; sites: string[]; onset: number; closed: number | null; affected_calls: number; imposed_caller_s: number }
interface SiteSurveys { fewest: number; rows: (Omit<SurveyRow, "bad" | "queue_label"> & { queue_label: string | null })[] }
interface Overview { now: number; sites: Site[]; open_incidents: SiteIncident[]; hq_incidents: HqIncident[] }

const names = (all: Named[]): string => all.map((n) => n.label ?? n.id).join(", ");

function SiteState(props: { site: Site }): JSX.Element {
  if (props.site.revoked) return <Tag tone="calm">{t("fleet.revoked")}</Tag>;
  return props.site.silent ? <Tag tone="bad">{t("fleet.silent")}</Tag> : <Tag tone="good">{t("fleet.ok")}</Tag>;
}

function Sites(props: { title: string; note?: string; sites: Site[] }): JSX.Element {
  return (
    <Panel title={props.title} note={props.note} wide>
      <Table caption={props.title} empty={t("fleet.none")} numbers={[5]} head={[t("fleet.site"), t("fleet.state"), t("fleet.contact"), t("fleet.newest"), t("fleet.complete"), t("fleet.open")]}
        rows={props.sites.map((s) => ({
          key: s.site, ...(s.silent || s.open_incidents > 0 ? { tone: "bad" as const } : {}),
          cells: [<a href={`#/sites/${s.site}`}>{s.label || s.site}</a>, <SiteState site={s} />, moment(s.last_contact), moment(s.newest_data), moment(s.complete_until), count(s.open_incidents)],
        }))} />
    </Panel>
  );
}

function SiteIncidents(props: { incidents: SiteIncident[] }): JSX.Element {
  return (
    <Panel title={t("fleet.incidents")} wide>
      <Table caption={t("fleet.incidents")} empty={t("incidents.none")} numbers={[5, 6, 7]}
        head={[t("fleet.site"), t("fleet.what"), t("fleet.lines"), t("fleet.began"), t("fleet.ended"), t("fleet.imposed"), t("fleet.affected"), t("fleet.harm")]}
        rows={props.incidents.map((i) => ({
          key: i.site + i.id, ...(i.closed === null ? { tone: "bad" as const } : {}),
          cells: [i.site, kindWords(i.kind), names(i.lines.length > 0 ? i.lines : i.queues), moment(i.onset), i.closed === null ? <Tag tone="bad">{t("incidents.open")}</Tag> : moment(i.closed),
            i.imposed_wait_s === null ? t("incidents.not_yet") : duration(i.imposed_wait_s), count(i.affected_calls), callerMinutes(i.imposed_caller_s)],
        }))} />
    </Panel>
  );
}

function Joined(props: { incidents: HqIncident[] }): JSX.Element {
  return (
    <Panel title={t("fleet.joined")} note={t("fleet.joined_text")} wide>
      <Table caption={t("fleet.joined")} empty={t("fleet.joined_none")} numbers={[3, 4, 5]} head={[t("fleet.sites"), t("fleet.began"), t("fleet.ended"), t("fleet.imposed"), t("fleet.affected"), t("fleet.harm")]}
        rows={props.incidents.map((i) => ({
          key: i.id, tone: "bad" as const,
          cells: [i.sites.join(", "), moment(i.onset), i.closed === null ? <Tag tone="bad">{t("incidents.open")}</Tag> : moment(i.closed), duration(i.imposed_wait_s), count(i.affected_calls), callerMinutes(i.imposed_caller_s)],
        }))} />
    </Panel>
  );
}

interface Report { runs: string; target: string; stage: string; outcome: string; reason: string; at: number }
interface Versions { bundles: { version: string; size: number }[]; sites: { site: string; offered: string; report: Report | null }[] }

// What a site says of its versions, in words; a failure with its reason.
function reportWords(r: Report): JSX.Element {
  if (r.outcome !== "" && r.outcome !== "under_way" && r.outcome !== "good")
    return <><Tag tone="bad">{r.target}: {t(`updates.outcome.${r.outcome}` as Key)}</Tag> {r.reason !== "" && r.reason !== "none" && t(`updates.reason.${r.reason}` as Key)}</>;
  if (r.outcome === "under_way") return <Tag tone="warn">{r.target}: {t(`fleet.stage.${r.stage}` as Key)}</Tag>;
  return r.outcome === "good" ? <Tag tone="good">{t("updates.outcome.good")}</Tag> : <>–</>;
}

function SiteUpdates(props: { sites: Site[]; admin: boolean }): JSX.Element {
  const loaded = useGet<Versions>("/api/v1/updates", 5);
  const [error, setError] = useState<ApiError | null>(null);
  const offer = async (site: string, version: string): Promise<void> => {
    const path = `/api/v1/sites/${site}/offer`, answer = version === "" ? await remove<null>(path) : await post<null>(path, { version });
    setError(answer.ok ? null : answer.error);
    loaded.reload();
  };
  const versions = loaded.data, of = (site: string): Versions["sites"][number] | undefined => versions?.sites.find((s) => s.site === site);
  const choice = (s: Site): JSX.Element => (
    <select aria-label={t("fleet.offer", { site: s.label || s.site })} value={of(s.site)?.offered ?? ""} disabled={!props.admin} onChange={(e) => void offer(s.site, (e.target as HTMLSelectElement).value)}>
      <option value="">{t("fleet.no_offer")}</option>
      {versions?.bundles.map((b) => <option key={b.version} value={b.version}>{b.version}</option>)}
    </select>
  );
  return (
    <Panel title={t("fleet.updates")} note={t("fleet.updates_text")} wide>
      <Failure error={error} />
      <Table caption={t("fleet.updates")} empty={t("fleet.none")} head={[t("fleet.site"), t("fleet.runs"), t("fleet.offered"), t("updates.outcome"), t("fleet.told")]}
        rows={props.sites.filter((s) => !s.revoked).map((s) => {
          const report = of(s.site)?.report ?? null;
          return { key: s.site, cells: [s.label || s.site, report?.runs || t("unknown"), choice(s), report ? reportWords(report) : "–", moment(report?.at ?? null)] };
        })} />
    </Panel>
  );
}

function Fleet(props: { admin: boolean }): JSX.Element {
  const { data, error } = useGet<Overview>("/api/v1/overview", 2);
  const all = useGet<{ incidents: SiteIncident[] }>("/api/v1/incidents?limit=100", 5);
  if (!data) return error ? <Failure error={error} /> : <p role="status">{t("connecting")}</p>;
  return (
    <div class="grid">
      <h1 class="sr-only">Holdfast HQ</h1>
      {data.hq_incidents.length > 0 && <div><Joined incidents={data.hq_incidents} /></div>}
      <div><Sites title={t("fleet.sites")} note={t("fleet.text")} sites={data.sites} /></div>
      <div><SiteIncidents incidents={all.data?.incidents ?? data.open_incidents} /></div>
      <div><SiteUpdates sites={data.sites} admin={props.admin} /></div>
      {data.hq_incidents.length === 0 && <div><Joined incidents={[]} /></div>}
    </div>
  );
}

// `now` is held for an hour at a time, so that the address stays the same.
function SiteSurveysPanel(props: { site: string }): JSX.Element | null {
  const now = Math.floor(Date.now() / 3600000) * 3600 + 3600;
  const { data } = useGet<SiteSurveys>(`/api/v1/sites/${props.site}/surveys?from=${now - 30 * 86400}&to=${now}`, 60);
  if (!data || data.rows.length === 0) return null;
  return <div><Panel title={t("fleet.surveys")} note={t("fleet.surveys_note", { n: data.fewest })} wide><SurveyTable surveys={data} /></Panel></div>;
}

function SitePage(props: { site: string }): JSX.Element {
  const { data, error } = useGet<{ site: Site; lines: Named[]; queues: Named[] }>(`/api/v1/sites/${props.site}`, 5);
  const incidents = useGet<{ incidents: SiteIncident[] }>(`/api/v1/incidents?site=${props.site}`, 5);
  if (!data) return error ? <Failure error={error} /> : <p role="status">{t("connecting")}</p>;
  return (
    <>
      <p><a href="#/">{t("fleet.all_sites")}</a></p>
      <h1>{data.site.label || data.site.site}</h1>
      <div class="grid">
        <div><Sites title={t("fleet.state")} sites={[data.site]} /></div>
        <div class="half"><Panel title={t("lines")} wide><ul class="evidence">{data.lines.map((l) => <li key={l.id}>{l.label ?? l.id}</li>)}</ul></Panel></div>
        <div class="half"><Panel title={t("queues")} wide><ul class="evidence">{data.queues.map((q) => <li key={q.id}>{q.label ?? q.id}</li>)}</ul></Panel></div>
        <div><SiteIncidents incidents={incidents.data?.incidents ?? []} /></div>
        <SiteSurveysPanel site={props.site} />
      </div>
    </>
  );
}

function Inside(props: { session: Session; onLogout: () => void }): JSX.Element {
  const place = usePlace();
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>{t("skip")}</a>
      <header class="top">
        <a class="brand" href="#/"><img src="icon.svg" alt="" />Holdfast HQ</a>
        <nav aria-label={t("nav")}><ul><li><a href="#/" aria-current={place[0] === "sites" ? undefined : "page"}>{t("fleet.sites")}</a></li></ul></nav>
        <div class="controls">
          <LanguageSwitch />
          <span>{props.session.user}</span>
          <button type="button" onClick={props.onLogout}>{t("logout")}</button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>{place[0] === "sites" && place[1] ? <SitePage key={place[1]} site={place[1]} /> : <Fleet admin={props.session.role === "admin"} />}</main>
    </>
  );
}

function App(): JSX.Element {
  useLanguage();
  const [state, setState] = useState<State | null>(null), [session, setSession] = useState<Session | null>(null), [unready, setUnready] = useState<ApiError | null>(null);
  const enter = (next: Session): void => {
    setCsrfToken(next.csrf_token);
    setSession(next);
  };
  const readState = async (): Promise<void> => {
    const answer = await get<State>("/api/v1/state");
    setUnready(answer.ok ? null : answer.error);
    if (!answer.ok) return void window.setTimeout(() => void readState(), 2000);
    setState(answer.data);
    const mine = answer.data.logged_in ? await get<Session>("/api/v1/session") : null;
    if (mine?.ok) enter(mine.data);
  };
  const leave = (): void => {
    setSession(null);
    setCsrfToken("");
    void readState();
  };
  useEffect(() => {
    whenLoggedOut(leave);
    void readState();
  }, []);
  if (!state) return <main class="narrow"><p role="status">{unready ? errorText(unready) : t("connecting")}</p></main>;
  if (session) return <Inside session={session} onLogout={() => void post("/api/v1/logout").then(leave)} />;
  return <main class="narrow" id="main" tabIndex={-1}><LanguageSwitch />{state.setup_needed ? <Setup onDone={enter} text={t("fleet.setup_text")} /> : <Login onDone={enter} />}</main>;
}

setLanguage(currentLanguage());
render(<App />, document.getElementById("app")!);
