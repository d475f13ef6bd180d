// Will each queue miss its service level soon, and how good such forecasts have been: scores beside two simple ones, reliability diagram.
import type { JSX } from "preact";
import { Panel, Table, Tag } from "../../kit/components";
import type { Tone } from "../../kit/components";
import { clock, count, share } from "../../kit/format";
import { currentLanguage, t } from "../../kit/i18n";
import type { Forecast, ForecastScore, LiveScope } from "../types";

// The words of the IPCC's guidance on uncertainty (2010), so that a word means the same on every day.
export function chanceWords(p: number): string {
  if (p < 0.1) return t("forecast.very_unlikely");
  if (p < 0.33) return t("forecast.unlikely");
  if (p <= 0.66) return t("forecast.even");
  return p < 0.9 ? t("forecast.likely") : t("forecast.very_likely");
}

const tone = (p: number): Tone => (p < 0.33 ? "good" : p <= 0.66 ? "warn" : "bad");
const minutes = (f: Forecast): number => Math.round(f.horizon_s / 60);
const score = (v: number | null): string => (v === null ? "–" : new Intl.NumberFormat(currentLanguage(), { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(v));

function Now(props: { forecast: Forecast }): JSX.Element {
  const p = props.forecast.missed;
  if (p === null) return <Tag tone="calm">{t("forecast.unknown")}</Tag>;
  return <Tag tone={tone(p)}>{`${chanceWords(p)}, ${share(p)}`}</Tag>;
}

// What was told against what came; on the diagonal a forecast means what it says. The size of a dot follows its cases.
function Diagram(props: { label: string; card: ForecastScore }): JSX.Element {
  const at = (v: number): number => 10 + 180 * v;
  return (
    <svg class="diagram" viewBox="0 0 215 215" role="img" aria-label={t("forecast.diagram", { name: props.label })}>
      <rect x="10" y="10" width="180" height="180" class="diagram-frame" />
      <line x1={at(0)} y1={at(1)} x2={at(1)} y2={at(0)} class="diagram-ideal" />
      {props.card.bins.map((b, i) => b.told !== null && b.came !== null &&
        <circle key={i} cx={at(b.told)} cy={at(1 - b.came)} r={3 + 9 * Math.sqrt(b.cases / props.card.cases)} class="diagram-dot" />)}
      <text x="100" y="207" text-anchor="middle">{t("forecast.told_axis")}</text>
      <text x="207" y="100" text-anchor="middle" transform="rotate(90 205 100)">{t("forecast.came_axis")}</text>
    </svg>
  );
}

function Past(props: { scope: LiveScope; forecast: Forecast }): JSX.Element {
  const card = props.forecast.score, name = t("forecast.past", { name: props.scope.label, n: minutes(props.forecast) });
  const judged = card.enough ? (card.brier! < Math.min(card.brier_persistence!, card.brier_climatology!) ? t("forecast.better") : t("forecast.no_better"))
    : t("forecast.too_few", { n: card.cases });
  return (
    <div class="half">
      <h3>{name}</h3>
      <p>{judged}</p>
      {card.enough && (
        <>
          <Diagram label={name} card={card} />
          <Table caption={t("forecast.scores", { name })} empty="" numbers={[1]} head={[t("forecast.who"), t("forecast.brier", { n: card.cases })]}
            rows={[{ key: "m", cells: [t("forecast.ours"), score(card.brier)] }, { key: "p", cells: [t("forecast.persistence"), score(card.brier_persistence)] },
              { key: "c", cells: [t("forecast.climatology"), score(card.brier_climatology)] }]} />
          <details>
            <summary>{t("forecast.bins")}</summary>
            <Table caption={t("forecast.diagram", { name })} empty="" numbers={[0, 1, 2]} head={[t("forecast.told"), t("forecast.came"), t("forecast.cases")]}
              rows={card.bins.filter((b) => b.cases > 0).map((b, i) => ({ key: String(i), cells: [share(b.told), share(b.came), count(b.cases)] }))} />
          </details>
        </>
      )}
    </div>
  );
}

export function Forecasts(props: { queues: LiveScope[] }): JSX.Element | null {
  const told = props.queues.filter((q) => q.forecasts.length > 0 && !q.holding);
  const first = told[0]?.forecasts;
  if (!first) return null;
  return (
    <Panel title={t("forecast.title")} note={t("forecast.note", { share: share(first[0]?.target_share ?? 0.8) })} wide>
      <Table caption={t("forecast.title")} empty="" head={[t("scopes.name"), ...first.map((f) => t("forecast.within", { n: minutes(f) })), t("forecast.made")]}
        rows={told.map((q) => ({ key: q.id, cells: [q.label, ...q.forecasts.map((f) => <Now key={f.horizon_s} forecast={f} />), clock(q.forecasts[0]?.made ?? null)] }))} />
      <details class="forecast-past">
        <summary>{t("forecast.how_good")}</summary>
        <p class="note">{t("forecast.how_good_text")}</p>
        <div class="grid">{told.flatMap((q) => q.forecasts.map((f) => <Past key={`${q.id} ${f.horizon_s}`} scope={q} forecast={f} />))}</div>
      </details>
    </Panel>
  );
}
