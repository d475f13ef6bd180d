import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Answer, ApiError } from "../../kit/api";
import { get, patch, post, remove, setCsrfToken } from "../../kit/api";
import { Failure, Field, Panel, Table, Tag, TextField } from "../../kit/components";
import { count, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import { t } from "../../kit/i18n";
import type { AuditRow, Session, User } from "../types";

export function UsersPage(props: { self: string }): JSX.Element {
  const { data, error: loadError, reload } = useGet<{ users: User[] }>("/api/v1/users");
  const [name, setName] = useState(""), [role, setRole] = useState<User["role"]>("viewer"), [password, setPassword] = useState(""), [error, setError] = useState<ApiError | null>(null);
  const done = (answer: Answer<unknown>): void => {
    setError(answer.ok ? null : answer.error);
    if (answer.ok) reload();
  };
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await post("/api/v1/users", { name, role, password });
    if (answer.ok) setName(""), setPassword("");
    done(answer);
  };
  const path = (user: User): string => `/api/v1/users/${encodeURIComponent(user.name)}`;
  return (
    <>
      <h1>{t("nav.users")}</h1>
      <Failure error={loadError} />
      <div class="grid">
        <div class="two-thirds">
          <Panel title={t("users.all")} wide>
            <Table caption={t("users.all")} empty={t("connecting")} numbers={[4]} head={[t("user"), t("users.role"), t("users.state"), t("users.last_login"), t("users.sessions"), t("users.change")]}
              rows={(data?.users ?? []).map((u) => ({
                key: u.name,
                cells: [u.name, t(`role.${u.role}`), <Tag tone={u.disabled ? "calm" : "good"}>{u.disabled ? t("users.disabled") : t("users.enabled")}</Tag>, moment(u.last_login), count(u.sessions),
                  u.name === props.self ? <a href="#/password">{t("nav.password")}</a> : (
                    <div class="row">
                      <button type="button" onClick={() => void patch(path(u), { role: u.role === "admin" ? "viewer" : "admin" }).then(done)}>{u.role === "admin" ? t("users.make_viewer") : t("users.make_admin")}</button>
                      <button type="button" onClick={() => void patch(path(u), { disabled: !u.disabled }).then(done)}>{u.disabled ? t("users.enable") : t("users.disable")}</button>
                      <button type="button" onClick={() => void remove(path(u)).then(done)}>{t("users.delete")}</button>
                    </div>
                  )],
              }))} />
          </Panel>
        </div>
        <form class="third" onSubmit={(e) => void add(e)}>
          <Panel title={t("users.add")} wide>
            <TextField label={t("user")} value={name} onInput={setName} required error={error?.field === "name" ? error.message : null} />
            <Field label={t("users.role")} note={t("users.role_note")}>
              {(id, about) => (
                <select id={id} aria-describedby={about} value={role} onChange={(e) => setRole((e.target as HTMLSelectElement).value as User["role"])}>
                  <option value="viewer">{t("role.viewer")}</option><option value="admin">{t("role.admin")}</option>
                </select>
              )}
            </Field>
            <TextField label={t("password")} type="password" value={password} onInput={setPassword} required autocomplete="new-password" note={t("password.note")} error={error?.field === "password" ? error.message : null} />
            {error && error.field !== "name" && error.field !== "password" && <Failure error={error} />}
            <button class="primary">{t("users.add")}</button>
          </Panel>
        </form>
      </div>
    </>
  );
}

export function PasswordPage(): JSX.Element {
  const [current, setCurrent] = useState(""), [next, setNext] = useState(""), [error, setError] = useState<ApiError | null>(null), [saved, setSaved] = useState(false);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await post<Session>("/api/v1/password", { current, new: next });
    setError(answer.ok ? null : answer.error);
    setSaved(answer.ok);
    if (answer.ok) setCsrfToken(answer.data.csrf_token), setCurrent(""), setNext("");
  };
  return (
    <form class="narrow" onSubmit={(e) => void send(e)}>
      <Panel title={t("nav.password")} wide>
        <TextField label={t("password.current")} type="password" value={current} onInput={setCurrent} required autocomplete="current-password" error={error?.field === "current" ? error.message : null} />
        <TextField label={t("password.new")} type="password" value={next} onInput={setNext} required autocomplete="new-password" note={t("password.note")} error={error?.field === "new" ? error.message : null} />
        {error && error.field !== "new" && error.field !== "current" && <Failure error={error} />}
        {saved && <p class="done" role="status">{t("saved")}</p>}
        <button class="primary">{t("save")}</button>
      </Panel>
    </form>
  );
}

export function AuditPage(): JSX.Element {
  const [before, setBefore] = useState<number | null>(null);
  const { data, error } = useGet<{ rows: AuditRow[]; before: number | null }>(`/api/v1/audit?limit=100${before === null ? "" : `&before=${before}`}`);
  const [verdict, setVerdict] = useState("");
  const verify = async (): Promise<void> => {
    const answer = await get<{ intact: boolean; rows: number; broken_at: number | null }>("/api/v1/audit/verify");
    if (answer.ok) setVerdict(answer.data.intact ? t("audit.intact", { n: answer.data.rows }) : t("audit.broken", { n: answer.data.broken_at ?? 0 }));
  };
  const value = (v: unknown): string => (v === null ? "" : JSON.stringify(v));
  return (
    <>
      <h1>{t("nav.audit")}</h1>
      <p>{t("audit.text")}</p>
      <div class="row row-apart"><button type="button" onClick={() => void verify()}>{t("audit.verify")}</button><a class="button" href="/api/v1/audit/export" download="audit.ndjson">{t("audit.export")}</a><span role="status">{verdict}</span></div>
      <Failure error={error} />
      <Panel title={t("audit.rows")} wide>
        <Table caption={t("audit.rows")} empty={t("connecting")} head={[t("audit.at"), t("audit.who"), t("audit.from"), t("audit.action"), t("audit.target"), t("audit.result"), t("audit.change")]}
          rows={(data?.rows ?? []).map((r) => ({ key: String(r.id), cells: [<span class="nowrap">{moment(r.at)}</span>, r.actor || "–", r.address, r.action, r.target, r.result, <div class="wordy">{`${value(r.before)}${r.before !== null || r.after !== null ? " → " : ""}${value(r.after)}`.slice(0, 300)}</div>] }))} />
        <div class="row">
          {before !== null && <button type="button" onClick={() => setBefore(null)}>{t("hq.newest")}</button>}
          {data?.before != null && <button type="button" onClick={() => setBefore(data.before)}>{t("hq.older")}</button>}
        </div>
      </Panel>
    </>
  );
}
