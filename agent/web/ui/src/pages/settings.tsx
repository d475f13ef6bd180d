// The box's settings: agent.toml as a text, checked before it is saved, and the files that it names. The agent starts anew with what was saved.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { get, post, put, remove } from "../../kit/api";
import { Failure, Field, Panel, Table, Tag, TextField } from "../../kit/components";
import { count, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { EnrolmentRequest, Settings, SettingsVerdict } from "../types";
import { kKinds, withHq, withSource } from "./source_setup";

const kLook = 1000, kPatience = 600;  // ms; looks

// Looks until the agent is gone and back, then begins anew: sessions ended with it.
async function comeBack(): Promise<void> {
  for (let look = 0, away = false; look < kPatience; ++look) {
    await new Promise((done) => setTimeout(done, kLook));
    const there = (await get("/api/v1/state")).ok, loggedIn = there && (await get("/api/v1/session")).ok;
    away = away || !loggedIn;
    if (away && there) break;
  }
  location.reload();
}

function Verdict({ verdict }: { verdict: SettingsVerdict | null }): JSX.Element | null {
  if (!verdict) return null;
  if (verdict.problems.length > 0)
    return <div role="alert"><h3>{t("settings.problems")}</h3><ul class="evidence">{verdict.problems.map((p) => <li key={p}><code>{p}</code></li>)}</ul></div>;
  return verdict.forgets_simulation ? <p class="warning" role="alert">{t("settings.forgets")}</p> : <p class="done" role="status">{t("settings.fine")}</p>;
}

function SourcePanel({ onPick }: { onPick: (kind: string) => void }): JSX.Element {
  const [kind, setKind] = useState("ami");
  return (
    <Panel title={t("settings.source")} note={t("settings.source_note")} wide>
      <div class="row">
        <Field label={t("settings.kind")}>
          {(id) => <select id={id} value={kind} onChange={(e) => setKind((e.target as HTMLSelectElement).value)}>{kKinds.map((k) => <option key={k} value={k}>{t(`settings.kind.${k}` as Key)}</option>)}</select>}
        </Field>
        <button type="button" onClick={() => onPick(kind)}>{t("settings.put_in")}</button>
      </div>
    </Panel>
  );
}

function HqPanel({ onPick }: { onPick: () => void }): JSX.Element {
  const [made, setMade] = useState<EnrolmentRequest | null>(null), [error, setError] = useState<ApiError | null>(null);
  const ask = async (): Promise<void> => {
    const answer = await post<EnrolmentRequest>("/api/v1/settings/enrolment");
    setError(answer.ok ? null : answer.error);
    setMade(answer.ok ? answer.data : null);
  };
  return (
    <Panel title={t("settings.hq")} note={t("settings.hq_note")} wide>
      <Failure error={error} />
      {made && <><p role="status">{t("settings.fingerprint")} <code>{made.fingerprint}</code></p><pre tabIndex={0}>{made.request}</pre></>}
      <div class="row">
        <button type="button" onClick={() => void ask()}>{t("settings.make_request")}</button>
        <button type="button" onClick={onPick}>{t("settings.put_hq_in")}</button>
      </div>
    </Panel>
  );
}

function FilesPanel({ settings, reload }: { settings: Settings; reload: () => void }): JSX.Element {
  const [name, setName] = useState("pbx.secret"), [content, setContent] = useState(""), [error, setError] = useState<ApiError | null>(null), [said, setSaid] = useState("");
  const address = (file: string): string => `/api/v1/settings/files/${encodeURIComponent(file)}`;
  const keep = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await put(address(name), { content });
    setError(answer.ok ? null : answer.error);
    setSaid(answer.ok ? t("settings.kept") : "");
    if (answer.ok) setContent("");
    reload();
  };
  const drop = async (file: string): Promise<void> => {
    const answer = await remove(address(file));
    setError(answer.ok ? null : answer.error);
    setSaid("");
    reload();
  };
  const read = async (event: Event): Promise<void> => setContent((await (event.target as HTMLInputElement).files?.[0]?.text()) ?? "");
  return (
    <Panel title={t("settings.files")} wide>
      <p class="note">{t("settings.files_note")} <code>{settings.folder}/{name || "…"}</code></p>
      <Table caption={t("settings.files")} empty={t("settings.none")} numbers={[1]} head={[t("settings.name"), t("settings.size"), t("settings.changed"), t("settings.used"), ""]}
        rows={settings.files.map((f) => ({
          key: f.name,
          cells: [<code>{f.name}</code>, count(f.size), moment(f.changed), f.used ? <Tag tone="good">{t("yes")}</Tag> : "–",
            settings.locked ? "" : <button type="button" disabled={f.used} aria-label={`${t("settings.remove")} ${f.name}`} onClick={() => void drop(f.name)}>{t("settings.remove")}</button>],
        }))} />
      {!settings.locked && (
        <form onSubmit={(e) => void keep(e)}>
          <TextField label={t("settings.name")} value={name} onInput={setName} error={error?.field === "name" ? error.message : null} />
          <TextField label={t("settings.content")} type="password" value={content} onInput={setContent} autocomplete="off" note={t("settings.content_note")} error={error?.field === "content" ? error.message : null} />
          <label class="file">{t("settings.from_file")} <input type="file" onChange={(e) => void read(e)} /></label>
          {error && error.field !== "name" && error.field !== "content" && <Failure error={error} />}
          {said && <p class="done" role="status">{said}</p>}
          <div class="row"><button disabled={name === "" || content === ""}>{t("settings.keep")}</button></div>
        </form>
      )}
    </Panel>
  );
}

export function SettingsPage(): JSX.Element {
  const loaded = useGet<Settings>("/api/v1/settings"), settings = loaded.data;
  const [text, setText] = useState<string | null>(null), [verdict, setVerdict] = useState<SettingsVerdict | null>(null), [error, setError] = useState<ApiError | null>(null), [starting, setStarting] = useState(false);
  useEffect(() => {
    if (settings && text === null) setText(settings.text);
  }, [settings]);
  if (!settings || text === null) return loaded.error ? <Failure error={loaded.error} /> : <p role="status">{t("connecting")}</p>;
  const write = (now: string): void => {
    setText(now);
    setVerdict(null);
  };
  const check = async (): Promise<SettingsVerdict | null> => {
    const answer = await post<SettingsVerdict>("/api/v1/settings/check", { text });
    setError(answer.ok ? null : answer.error);
    setVerdict(answer.ok ? answer.data : null);
    return answer.ok ? answer.data : null;
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const warned = verdict?.forgets_simulation === true, now = await check();
    if (!now || now.problems.length > 0 || (now.forgets_simulation && !warned)) return;
    const answer = await put("/api/v1/settings", { text, mark: settings.mark });
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    setStarting(true);
    void comeBack();
  };
  if (starting) return <><h1>{t("nav.settings")}</h1><p role="status">{t("settings.starting")}</p></>;
  return (
    <>
      <h1>{t("nav.settings")}</h1>
      <p>{t("settings.text")}</p>
      {settings.taken_back && <div class="failure" role="alert"><p>{t("settings.taken_back")}</p><pre>{settings.taken_back}</pre></div>}
      {settings.locked && <p class="warning">{settings.locked}</p>}
      {!settings.locked && <SourcePanel onPick={(kind) => write(withSource(text, kind, settings.folder))} />}
      {!settings.locked && <HqPanel onPick={() => write(withHq(text, settings.folder))} />}
      <Panel title={t("settings.file")} note={settings.path} wide>
        <form onSubmit={(e) => void save(e)}>
          <Field label={t("settings.lines")}>
            {(id, about) => <textarea id={id} aria-describedby={about} rows={24} spellcheck={false} class="pasted" readOnly={settings.locked !== null} value={text} onInput={(e) => write((e.target as HTMLTextAreaElement).value)} />}
          </Field>
          <Verdict verdict={verdict} />
          {error && <Failure error={error} />}
          <div class="row">
            {!settings.locked && <button class="primary">{t("settings.save")}</button>}
            <button type="button" onClick={() => void check()}>{t("settings.check")}</button>
          </div>
        </form>
      </Panel>
      <FilesPanel settings={settings} reload={loaded.reload} />
    </>
  );
}
