// "Listen for 60 seconds and show me": what the source tells, what it never told, and the likely reason.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post } from "../../kit/api";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import { count, duration, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { currentLanguage, t } from "../../kit/i18n";
import type { Heard, Listening } from "../types";

const kSeconds = 60;

function skew(s: number | null): string {
  if (s === null) return t("listen.no_clock");
  const amount = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 }).format(Math.abs(s));
  return Math.abs(s) < 0.5 ? t("listen.clock_right") : t(s > 0 ? "listen.clock_ahead" : "listen.clock_behind", { v: amount });
}

function OneSource(props: { heard: Heard; named: boolean }): JSX.Element | null {
  const now = props.heard;
  if (now.from === null) return null;
  return (
    <>
      {props.named && <h3>{now.name}</h3>}
      <p role="status">{now.listening ? t("listen.under_way", { d: duration(now.listened_s) }) : t("listen.done", { time: moment(now.from), d: duration(now.listened_s) })} {skew(now.clock_ahead_s)}</p>
      <Table caption={t("listen.heard")} empty={t("listen.nothing")} numbers={[1]} head={[t("listen.kind"), t("listen.count"), t("listen.examples")]}
        rows={now.heard.map((h) => ({ key: h.kind, cells: [<code>{h.kind}</code>, count(h.count), <div class="examples" lang="en">{h.examples.map((e) => <code>{e}</code>)}</div>] }))} />
      {!now.listening && now.missing.length > 0 && (
        <>
          <h3>{t("listen.missing")}</h3>
          <ul class="evidence">{now.missing.map((m) => <li key={m.kind}><Tag tone="warn">{t("listen.never")}</Tag> <code>{m.kind}</code>: {t(`listen.reason.${m.reason}` as Key)}</li>)}</ul>
        </>
      )}
    </>
  );
}

export function ListenPanel(props: { admin: boolean }): JSX.Element {
  const heard = useGet<Listening>("/api/v1/sources/listen", 2);
  const [error, setError] = useState<ApiError | null>(null);
  const begin = async (): Promise<void> => {
    const answer = await post<Listening>("/api/v1/sources/listen", { seconds: kSeconds });
    setError(answer.ok ? null : answer.error);
    heard.reload();
  };
  const sources = heard.data?.sources ?? [];
  const button = props.admin ? <button type="button" class="primary" disabled={sources.some((s) => s.listening)} onClick={() => void begin()}>{t("listen.begin", { n: kSeconds })}</button> : undefined;
  return (
    <Panel title={t("listen.title")} note={t("listen.note")} wide actions={button}>
      <Failure error={error ?? heard.error} />
      {sources.map((s) => <OneSource key={s.name} heard={s} named={sources.length > 1} />)}
    </Panel>
  );
}
