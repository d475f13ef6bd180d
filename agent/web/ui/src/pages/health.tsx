import type { JSX } from "preact";
import { Failure, Figure, Panel, Tag } from "../../kit/components";
import type { Tone } from "../../kit/components";
import { bytes, count, duration, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Health, Source } from "../types";
import { BoardPanel } from "./board";
import { ListenPanel } from "./listen";
import { SmdrAssistant } from "./smdr_assist";
import { SoundPanel } from "./sound";
import { SourceSetup } from "./source_setup";

const kTones: Record<Source["state"], Tone> = { healthy: "good", connecting: "warn", degraded: "warn", failed: "bad" };

function SourcePanel(props: { source: Source }): JSX.Element {
  const s = props.source;
  const pbx = s.name.startsWith("pbx.") ? `${s.name.slice(4)}: ` : "";  // a site with several
  return (
    <Panel title={`${pbx}${s.kind} ${s.address}`} actions={<Tag tone={kTones[s.state]}>{t(`source.${s.state}` as Key)}</Tag>} wide>
      <p>{s.what}</p>
      <dl class="facts">
        <dt>{t("source.last_event")}</dt><dd>{moment(s.last_event)}</dd>
        <dt>{t("source.since")}</dt><dd>{moment(s.since)}</dd>
        <dt>{t("source.events")}</dt><dd>{count(s.events)}</dd>
        <dt>{t("source.bytes")}</dt><dd>{bytes(s.bytes)}</dd>
        <dt>{t("source.unknown")}</dt><dd>{count(s.unknown_messages)}</dd>
        <dt>{t("source.malformed")}</dt><dd>{count(s.malformed_messages)}</dd>
        <dt>{t("source.reconnects")}</dt><dd>{count(s.reconnects)}</dd>
        <dt>{t("source.held_back")}</dt><dd>{count(s.held_back)}</dd>
      </dl>
      <h3>{t("source.can")}</h3>
      <dl class="facts">
        {(Object.keys(s.can) as (keyof Source["can"])[]).filter((name) => name !== "grain_s").map((name) => (
          <><dt>{t(`can.${name}` as Key)}</dt><dd><Tag tone={s.can[name] ? "good" : "calm"}>{s.can[name] ? t("yes") : t("source.cannot")}</Tag></dd></>
        ))}
        {s.can.grain_s > 0 && <><dt>{t("can.grain_s")}</dt><dd>{duration(s.can.grain_s)}</dd></>}
      </dl>
      <h3>{t("source.oddities")}</h3>
      <p class="note">{t("source.oddities.text")}</p>
      <dl class="facts">
        {(Object.keys(s.oddities) as (keyof Source["oddities"])[]).map((name) => <><dt>{t(`odd.${name}` as Key)}</dt><dd>{count(s.oddities[name])}</dd></>)}
      </dl>
      <SourceSetup kind={s.kind} />
    </Panel>
  );
}

// The sentence for this kind of problem in the reader's language, with the box's own words below it.
function ProblemText({ id, what }: { id: string; what: string }) {
  const key = `health.problem.${id}`;
  const told = t(key as Key);
  return told === key ? <span lang="en">{what}</span> : <>{told}<small lang="en">{what}</small></>;
}

export function SourcesPage(props: { admin: boolean }): JSX.Element {
  const { data, error } = useGet<{ sources: Source[] }>("/api/v1/sources", 5);
  return (
    <>
      <h1>{t("nav.sources")}</h1>
      <p>{t("source.text")}</p>
      <Failure error={error} />
      <p><a href="#/coverage">{t("source.coverage")}</a></p>
      <div class="grid">
        {data?.sources.map((s) => <div class="half" key={s.name}><SourcePanel source={s} /></div>)}
        {data?.sources.some((s) => s.can.voice) && <SoundPanel />}
        <div class="half"><ListenPanel admin={props.admin} /></div>
        {props.admin && <SmdrAssistant />}
      </div>
    </>
  );
}

export function HealthPage(): JSX.Element {
  const { data, error } = useGet<Health>("/api/v1/health", 5);
  if (!data) return error ? <Failure error={error} /> : <p role="status">{t("connecting")}</p>;
  return (
    <>
      <h1>{t("nav.health")}</h1>
      {data.problems.length === 0 ? <p><Tag tone="good">{t("health.well")}</Tag></p> : (
        <Panel title={t("health.problems")} wide>
          <ul class="evidence">{data.problems.map((p) => <li key={p.id + p.what}><Tag tone={p.severity === "failure" ? "bad" : "warn"}>{t(`health.${p.severity}` as Key)}</Tag> <ProblemText id={p.id} what={p.what} /> ({moment(p.since)})</li>)}</ul>
        </Panel>
      )}
      <div class="figures">
        <Figure label={t("health.memory")} value={bytes(data.rss_bytes)} />
        <Figure label={t("health.disk")} value={bytes(data.disk_free_bytes)} sub={t("health.disk_of", { total: bytes(data.disk_total_bytes) })} />
        <Figure label={t("health.journal")} value={count(data.journal_sequence)} sub={t("health.committed", { time: moment(data.journal_committed) })} />
        <Figure label={t("health.version")} value={data.version} sub={t("health.started", { time: moment(data.started) })} />
      </div>
      <Panel title={t("health.certificate")} wide>
        <dl class="facts">
          <dt>SHA-256</dt><dd>{data.certificate_sha256}</dd>
          <dt>{t("health.ends")}</dt><dd>{moment(data.certificate_ends)}</dd>
          <dt>{t("health.clock")}</dt><dd>{moment(data.clock)}</dd>
        </dl>
      </Panel>
      <BoardPanel board={data.board} />
    </>
  );
}
