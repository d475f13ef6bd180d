// The agent's page: who is there, where in the page, what is live. Pages themselves are in pages/.
import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../kit/api";
import { get, post, setCsrfToken, whenLoggedOut } from "../kit/api";
import { Announce, errorText, LanguageSwitch } from "../kit/components";
import { useLanguage, usePlace } from "../kit/hooks";
import { currentLanguage, setLanguage, t } from "../kit/i18n";
import type { LinkState } from "../kit/live";
import { listen } from "../kit/live";
import { ring, unlock } from "../kit/sound";
import "../kit/style.css";
import { kindWords } from "./words";
import { Login, Setup } from "./pages/entry";
import { IncidentPage, Incidents } from "./pages/incidents";
import { ChangesPage } from "./pages/changes";
import { HypothesesPage } from "./pages/hypotheses";
import { LivePage } from "./pages/live";
import { RulePage, RulesPage } from "./pages/rules";
import { Shell } from "./shell";
import { HqPage } from "./pages/hq_link";
import { SignalsPage } from "./pages/signals";
import { SitePage } from "./pages/site";
import { CoveragePage } from "./pages/coverage";
import { SurveysPage } from "./pages/surveys";
import { HealthPage, SourcesPage } from "./pages/health";
import { MachinePage } from "./pages/machine";
import { AuditPage, PasswordPage, UsersPage } from "./pages/people";
import { UpdatesPage } from "./pages/updates";
import { SettingsPage } from "./pages/settings";
import { WebhookPage } from "./pages/webhook";
import type { Firing } from "./rule_types";
import type { IncidentNews, Live, Session, State } from "./types";

function Inside(props: { session: Session; onLogout: () => void; onEnded: () => void }): JSX.Element {
  const [live, setLive] = useState<Live | null>(null);
  const [link, setLink] = useState<LinkState>("connecting");
  const [said, setSaid] = useState("");
  const place = usePlace();
  useEffect(() => {
    const news = (data: unknown): void => {
      const incident = data as IncidentNews;
      if (incident.news === "opened") ring();
      if (incident.news === "opened" || incident.news === "closed") setSaid(`${t(`news.${incident.news}`)}: ${kindWords(incident.kind)}`);
    };
    const rule = (data: unknown): void => {
      const firing = data as Firing;
      if (firing.closed === null) ring();
      setSaid(`${t(firing.closed === null ? "news.rule" : "news.rule_over")}: ${firing.name}, ${firing.place.label}`);
    };
    const stream = listen("/api/v1/live/events", { live: (data) => setLive(data as Live), incident: news, rule, session_ended: props.onEnded }, setLink);
    return () => stream.close();
  }, []);
  return (
    <Shell session={props.session} link={link} open={live?.incidents.length ?? 0} place={place[0] ?? "live"} onLogout={props.onLogout}>
      <Announce text={said} />
      <Place place={place} live={live} session={props.session} />
    </Shell>
  );
}

function Place(props: { place: string[]; live: Live | null; session: Session }): JSX.Element {
  const admin = props.session.role === "admin";
  switch (props.place[0] ?? "live") {
    case "incidents": return props.place[1] ? <IncidentPage key={props.place[1]} id={props.place[1]} /> : <Incidents />;
    case "signals": return <SignalsPage id={props.place[1]} />;
    case "rules": return props.place[1] ? <RulePage key={props.place[1]} id={props.place[1]} admin={admin} /> : <RulesPage admin={admin} />;
    case "hypotheses": return <HypothesesPage admin={admin} />;
    case "changes": return <ChangesPage admin={admin} />;
    case "site": return <SitePage admin={admin} />;
    case "sources": return <SourcesPage admin={admin} />;
    case "coverage": return <CoveragePage />;
    case "surveys": return <SurveysPage admin={admin} />;
    case "hq": return <HqPage />;
    case "webhook": return <WebhookPage />;
    case "settings": return <SettingsPage />;
    case "users": return <UsersPage self={props.session.user} />;
    case "audit": return <AuditPage />;
    case "updates": return <UpdatesPage admin={admin} />;
    case "health": return <HealthPage />;
    case "machine": return <MachinePage />;
    case "password": return <PasswordPage />;
    default: return <LivePage live={props.live} />;
  }
}

function App(): JSX.Element {
  useLanguage();
  const [state, setState] = useState<State | null>(null);
  const [unready, setUnready] = useState<ApiError | null>(null);
  const [session, setSession] = useState<Session | null>(null);
  const enter = (next: Session): void => {
    setCsrfToken(next.csrf_token);
    setSession(next);
    void unlock();
  };
  const leave = (): void => {
    setSession(null);
    setCsrfToken("");
    void readState();
  };
  const readState = async (): Promise<void> => {
    const answer = await get<State>("/api/v1/state");
    setUnready(answer.ok ? null : answer.error);
    if (!answer.ok) return void window.setTimeout(() => void readState(), 2000);
    setState(answer.data);
    if (!answer.data.logged_in) return;
    const mine = await get<Session>("/api/v1/session");
    if (mine.ok) enter(mine.data);
  };
  useEffect(() => {
    whenLoggedOut(leave);
    void readState();
    const wake = (): void => void unlock();
    document.addEventListener("pointerdown", wake);
    document.addEventListener("keydown", wake);
  }, []);
  if (!state) return <main class="narrow"><p role="status">{unready ? errorText(unready) : t("connecting")}</p></main>;
  if (session) return <Inside session={session} onLogout={() => void post("/api/v1/logout").then(leave)} onEnded={leave} />;
  return (
    <main class="narrow" id="main" tabIndex={-1}>
      <LanguageSwitch />
      {state.setup_needed ? <Setup onDone={enter} /> : <Login onDone={enter} />}
    </main>
  );
}

setLanguage(currentLanguage());
render(<App />, document.getElementById("app")!);
