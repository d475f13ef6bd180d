// Versions of the box: what runs, what is on offer, what is under way, and what came of those before.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, remove } from "../../kit/api";
import type { Tone } from "../../kit/components";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import { bytes, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Bundle, UpdateAttempt, UpdateReason, Updates } from "../types";
import { UploadPanel } from "./upload";

const kVerdicts: Record<Bundle["verdict"], Tone> = { unchecked: "calm", checking: "warn", good: "good", refused: "bad" };
const kOutcomes: Record<UpdateAttempt["outcome"], Tone> = { under_way: "warn", good: "good", failed: "bad", given_back: "bad", interrupted: "warn" };

const reasonText = (reason: UpdateReason, detail: string): JSX.Element | null =>
  reason === "none" ? null : <>{t(`updates.reason.${reason}` as Key)}{detail !== "" && <> <code lang="en">{detail}</code></>}</>;

function State(props: { now: Updates; admin: boolean; onRestart: (when: string) => void }): JSX.Element {
  const now = props.now, target = now.history[0]?.version ?? "";
  return (
    <Panel title={t("updates.running")} wide actions={now.stage === "trial" || !now.confirmed ? <Tag tone="warn">{t("updates.on_trial")}</Tag> : <Tag tone="good">{t("updates.confirmed")}</Tag>}>
      <p><strong>{now.version === "" ? t("unknown") : now.version}</strong> {now.compatible !== "" && <code>{now.compatible}</code>}</p>
      {now.problem !== "" && <p class="failure" role="alert">{t("updates.problem")} <code lang="en">{now.problem}</code></p>}
      {now.stage === "installing" && (
        <p role="status"><progress max={100} value={now.percent} aria-label={t("updates.installing", { v: target })} /> {t("updates.installing", { v: target })} {now.percent}% <span lang="en">{now.step}</span></p>
      )}
      {now.stage === "installed" && <p role="status">{t("updates.installed", { v: target })} {now.restart ? t("updates.restart_at", { from: moment(now.restart.from), to: moment(now.restart.to) }) : t("updates.waits")}</p>}
      {now.stage === "trial" && <p role="status">{t("updates.trial", { v: target })}</p>}
      {props.admin && now.stage === "installed" && (
        <div class="row">
          <button type="button" class="primary" onClick={() => props.onRestart("now")}>{t("updates.restart_now")}</button>
          {now.restart ? <button type="button" onClick={() => props.onRestart("later")}>{t("updates.restart_not")}</button>
            : <button type="button" onClick={() => props.onRestart("window")}>{t("updates.restart_window", { w: now.window })}</button>}
        </div>
      )}
    </Panel>
  );
}

function Bundles(props: { now: Updates; admin: boolean; onAct: (path: string, body?: unknown) => void; onDiscard: (id: string) => void }): JSX.Element {
  const now = props.now, free = now.stage === "idle" || now.stage === "installed";
  const actions = (b: Bundle): JSX.Element => (
    <div class="row">
      {b.verdict === "good" && <button type="button" class="primary" disabled={!free} onClick={() => props.onAct(`bundles/${b.id}/install`, { restart: "now" })}>{t("updates.install_now", { v: b.version })}</button>}
      {b.verdict === "good" && <button type="button" disabled={!free} onClick={() => props.onAct(`bundles/${b.id}/install`, { restart: "window" })}>{t("updates.install_window", { w: now.window })}</button>}
      {b.origin === "hq" && b.verdict === "unchecked" && <span class="note">{t("updates.fetched_later", { w: now.window })}</span>}
      {((b.verdict === "unchecked" && b.origin !== "hq") || (b.verdict === "refused" && b.origin === "usb" && b.reason !== "name")) && <button type="button" onClick={() => props.onAct(`bundles/${b.id}/inspect`)}>{t("updates.inspect")}</button>}
      {b.origin !== "usb" && <button type="button" disabled={now.stage === "installing"} onClick={() => props.onDiscard(b.id)}>{t("updates.discard")}</button>}
    </div>
  );
  const head = [t("updates.version"), t("updates.file"), t("updates.from"), t("updates.size"), t("updates.verdict")];
  return (
    <Panel title={t("updates.bundles")} note={t("updates.bundles_note")} wide>
      <Table caption={t("updates.bundles")} empty={t("updates.no_bundles")} numbers={[3]} head={props.admin ? [...head, t("updates.what")] : head}
        rows={now.bundles.map((b) => {
          const cells = [b.version || "–", b.name, t(`updates.origin.${b.origin}` as Key), bytes(b.size), <><Tag tone={kVerdicts[b.verdict]}>{t(`updates.verdict.${b.verdict}` as Key)}</Tag> {reasonText(b.reason, b.detail)}</>];
          return { key: b.id, cells: props.admin ? [...cells, actions(b)] : cells };
        })} />
    </Panel>
  );
}

function History(props: { now: Updates }): JSX.Element {
  return (
    <Panel title={t("updates.history")} wide>
      <Table caption={t("updates.history")} empty={t("updates.no_history")} head={[t("updates.version"), t("updates.before"), t("updates.from"), t("updates.who"), t("updates.began"), t("updates.ended"), t("updates.outcome")]}
        rows={props.now.history.map((a) => ({
          key: `${a.began} ${a.version}`,
          cells: [a.version, a.from || "–", t(`updates.origin.${a.origin}` as Key), a.who, moment(a.began), a.ended === null ? "–" : moment(a.ended),
            <><Tag tone={kOutcomes[a.outcome]}>{t(`updates.outcome.${a.outcome}` as Key)}</Tag> {reasonText(a.reason, a.detail)}</>],
        }))} />
    </Panel>
  );
}

export function UpdatesPage(props: { admin: boolean }): JSX.Element {
  const loaded = useGet<Updates>("/api/v1/updates", 2);
  const [error, setError] = useState<ApiError | null>(null);
  const act = async (path: string, body?: unknown): Promise<void> => {
    const answer = await post(`/api/v1/updates/${path}`, body);
    setError(answer.ok ? null : answer.error);
    loaded.reload();
  };
  const discard = async (id: string): Promise<void> => {
    const answer = await remove(`/api/v1/updates/bundles/${id}`);
    setError(answer.ok ? null : answer.error);
    loaded.reload();
  };
  const now = loaded.data;
  return (
    <>
      <h1>{t("nav.updates")}</h1>
      <Failure error={error ?? loaded.error} />
      {now?.keeper === "packages" && <p>{t("updates.packages")}</p>}
      {now?.keeper === "unknown" && <p role="status">{t("updates.asking")}</p>}
      {now && now.keeper !== "packages" && (
        <div class="grid">
          <State now={now} admin={props.admin} onRestart={(when) => void act("restart", { restart: when })} />
          {props.admin && now.keeper === "box" && <UploadPanel now={now} onChanged={loaded.reload} />}
          <Bundles now={now} admin={props.admin} onAct={(path, body) => void act(path, body)} onDiscard={(id) => void discard(id)} />
          <History now={now} />
        </div>
      )}
    </>
  );
}
