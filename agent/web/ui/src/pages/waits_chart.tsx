// Waits of the last hour beside the usual ones, as shares of the answered calls, so that few calls and many compare.
import type { JSX } from "preact";
import { useCallback, useMemo } from "preact/hooks";
import uPlot from "uplot";
import { Chart, themeColour } from "../../kit/chart";
import { briefly, duration, share } from "../../kit/format";
import { currentLanguage, t } from "../../kit/i18n";
import type { Waits } from "../types";
import { coarse, kBounds } from "./waits_bins";

const shares = (sums: number[]): (number | null)[] => {
  const all = sums.reduce((a, b) => a + b, 0);
  return sums.map((n) => (all === 0 ? null : n / all));
};
const label = (i: number): string => (i === kBounds.length - 1 ? t("waits.over", { time: briefly(kBounds[i]!) }) : t("waits.up_to", { time: briefly(kBounds[i + 1]!) }));

const mark = (i: number): string => (i === kBounds.length - 1 ? t("waits.longer") : briefly(kBounds[i + 1]!));

export function WaitsChart(props: { waits: Waits; edges: number[] }): JSX.Element {
  const now = JSON.stringify(props.waits.now), usual = JSON.stringify(props.waits.baseline);
  const data = useMemo<uPlot.AlignedData>(() => {
    const xs = kBounds.map((_, i) => i);
    const base = props.waits.baseline ? shares(coarse(props.waits.baseline, props.edges)) : xs.map(() => null);
    return [xs, base, shares(coarse(props.waits.now, props.edges))];
  }, [now, usual]);
  const options = useCallback((width: number): Omit<uPlot.Options, "width"> => ({
    height: 260, legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, kBounds.length - 0.4] }, y: { range: (_u, _min, max) => [0, Math.max(0.1, max * 1.05)] } },
    axes: [
      { stroke: themeColour("--soft"), grid: { show: false }, splits: () => kBounds.map((_, i) => i), values: (_u, at) => at.map((i) => ((kBounds.length - 1 - i) % (width < 400 ? 3 : width < 640 ? 2 : 1) === 0 ? mark(i) : "")), label: t("waits.axis"), size: 34, labelSize: 24, gap: 4 },
      { stroke: themeColour("--soft"), grid: { stroke: themeColour("--line") }, values: (_u, at) => at.map((v) => share(v)), size: 56 },
    ],
    series: [{},
      { fill: themeColour("--usual"), stroke: themeColour("--usual"), paths: uPlot.paths.bars!({ size: [0.42, 60], align: -1, gap: 1 }), points: { show: false } },
      { fill: themeColour("--accent"), stroke: themeColour("--accent"), paths: uPlot.paths.bars!({ size: [0.42, 60], align: 1, gap: 1 }), points: { show: false } }],
  }), [currentLanguage()]);
  const sums = coarse(props.waits.now, props.edges), base = props.waits.baseline ? coarse(props.waits.baseline, props.edges) : null;
  return (
    <>
      <ul class="legend">
        <li><i class="swatch-now" />{t("waits.now", { n: props.waits.now_calls })}</li>
        <li><i class="swatch-usual" />{props.waits.baseline ? t("waits.usual", { n: props.waits.baseline_calls }) : t("waits.no_usual")}</li>
      </ul>
      <Chart label={t("waits.label")} data={data} options={options}
        table={() => ({ head: [t("waits.wait"), t("waits.col_now"), t("waits.col_usual")], rows: kBounds.map((_, i) => [label(i), String(sums[i]), base ? String(base[i]) : t("unknown")]) })} />
      {props.waits.baseline_p50_s !== null && <p class="note">{t("waits.words", { half: duration(props.waits.baseline_p50_s), most: duration(props.waits.baseline_p95_s) })}</p>}
    </>
  );
}
