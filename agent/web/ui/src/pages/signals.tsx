import type { JSX } from "preact";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import type { Tone } from "../../kit/components";
import { count, duration, moment, share } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { currentLanguage, t } from "../../kit/i18n";
import type { Signal, SignalReading, SignalState, SignalsNow } from "../types";

const kGroups: Signal["group"][] = ["way_in", "queue", "callers", "agents", "load", "link"];
const kTones: Record<SignalState, Tone> = { unknown: "calm", quiet: "good", watching: "warn", standing: "bad", not_visible: "calm" };
const kOrder: SignalState[] = ["standing", "watching", "quiet", "unknown", "not_visible"];

const place = (r: SignalReading): string => [r.line_label, r.queue_label].filter((s) => s !== "").join(" → ");

// Waits can be below what they are compared with, so the sign is kept.
function amount(v: number | null, unit: Signal["unit"]): string {
  if (v === null) return "–";
  if (unit === "seconds") return v < 0 ? `−${duration(-v)}` : duration(v);
  if (unit === "share") return v < 0 ? `−${share(-v)}` : share(v);
  return new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: unit === "nats" ? 1 : 2 }).format(v);
}

function StateTag(props: { state: SignalState }): JSX.Element {
  return <Tag tone={kTones[props.state]}>{t(`signal.state.${props.state}` as Key)}</Tag>;
}

// The reading that says most: the gravest, and of those the one with most cases.
function leading(s: Signal): SignalReading | undefined {
  return [...s.readings].sort((a, b) => kOrder.indexOf(a.state) - kOrder.indexOf(b.state) || b.sample_size - a.sample_size)[0];
}

function GroupPanel(props: { group: Signal["group"]; signals: Signal[] }): JSX.Element {
  return (
    <Panel title={t(`signal.group.${props.group}` as Key)} wide>
      <Table caption={t(`signal.group.${props.group}` as Key)} empty={t("signal.none")} numbers={[2, 3, 4]}
        head={[t("signal.name"), t("signal.state"), t("signal.value"), t("signal.baseline"), t("signal.cases"), t("signal.where")]}
        rows={props.signals.map((s) => {
          const r = leading(s);
          const hidden = s.state === "not_visible" || r === undefined;
          return {
            key: s.id, ...(s.state === "standing" ? { tone: "bad" as const } : {}),
            cells: [<a href={`#/signals/${s.id}`}>{s.name}</a>, <StateTag state={s.state} />, hidden ? "" : amount(r.value, s.unit), hidden ? "" : amount(r.baseline, s.unit),
              hidden ? "" : count(r.sample_size), hidden ? "" : place(r)],
          };
        })} />
    </Panel>
  );
}

function List(props: { now: SignalsNow }): JSX.Element {
  const of = (state: SignalState): number => props.now.signals.filter((s) => s.state === state).length;
  return (
    <>
      <h1>{t("nav.signals")}</h1>
      <p>{t("signal.text")}</p>
      <p>{kOrder.map((state) => <><StateTag state={state} /> {count(of(state))}{" "}</>)} <span class="note">{t("signal.at", { time: moment(props.now.at) })}</span></p>
      <div class="grid">{kGroups.map((g) => <GroupPanel key={g} group={g} signals={props.now.signals.filter((s) => s.group === g)} />)}</div>
    </>
  );
}

function One(props: { signal: Signal }): JSX.Element {
  const s = props.signal;
  return (
    <>
      <p><a href="#/signals">{t("signal.back")}</a></p>
      <h1>{s.name} <StateTag state={s.state} /></h1>
      {s.state === "not_visible" && <p class="failure">{t("signal.hidden", { what: s.needs.map((n) => t(`signal.needs.${n}` as Key)).join(", ") })}</p>}
      <Panel title={t("signal.help")} wide>
        <dl class="facts facts-text">
          <dt>{t("signal.what")}</dt><dd>{s.text}</dd>
          <dt>{t("signal.check")}</dt><dd>{s.check}</dd>
          <dt>{t("signal.alike")}</dt><dd>{s.alike}</dd>
          <dt>{t("signal.formula")}</dt><dd><code lang="en">{s.formula}</code></dd>
          <dt>{t("signal.role")}</dt><dd>{t(`signal.role.${s.role}` as Key)}</dd>
          {s.signatures.length > 0 && <><dt>{t("signal.signatures")}</dt><dd>{s.signatures.join(", ")}</dd></>}
        </dl>
      </Panel>
      {s.state !== "not_visible" && (
        <Panel title={t("signal.now")} wide>
          <Table caption={t("signal.now")} empty={t("signal.none")} numbers={[2, 3, 4]}
            head={[t("signal.where"), t("signal.state"), t("signal.value"), t("signal.baseline"), t("signal.cases")]}
            rows={s.readings.map((r, i) => ({
              key: `${i}`, ...(r.state === "standing" ? { tone: "bad" as const } : {}),
              cells: [place(r) || t("signal.whole"), <StateTag state={r.state} />, amount(r.value, s.unit), amount(r.baseline, s.unit), count(r.sample_size)],
            }))} />
        </Panel>
      )}
    </>
  );
}

export function SignalsPage(props: { id: string | undefined }): JSX.Element {
  const { data, error } = useGet<SignalsNow>(`/api/v1/signals?lang=${currentLanguage()}`, 10);
  if (!data) return error ? <Failure error={error} /> : <p role="status">{t("connecting")}</p>;
  const one = data.signals.find((s) => s.id === props.id);
  return <><Failure error={error} />{one ? <One signal={one} /> : <List now={data} />}</>;
}
