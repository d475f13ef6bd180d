// What can be seen with the connected source, and what to connect to see the rest.
import type { JSX } from "preact";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { currentLanguage, t } from "../../kit/i18n";
import type { Coverage, Need, SignalsNow } from "../types";

const kNeeds: Need[] = ["channels", "steps", "agents", "live", "survey"];

function Lacking(props: { needs: Need[] }): JSX.Element {
  if (props.needs.length === 0) return <Tag tone="good">{t("coverage.seen")}</Tag>;
  return <><Tag tone="warn">{t("coverage.hidden")}</Tag> {props.needs.map((n) => t(`coverage.lacks.${n}`)).join(", ")}</>;
}

// For each thing that is lacking: what it would show, and where it comes from.
function Connect(props: { coverage: Coverage }): JSX.Element | null {
  const c = props.coverage;
  const gains = kNeeds.map((need) => ({
    need,
    signatures: c.signatures.filter((s) => s.lacking.includes(need)).map((s) => s.signature),
    metrics: c.metrics.filter((m) => m.lacking.includes(need)).map((m) => t(`coverage.metric.${m.metric}` as Key)),
  })).filter((g) => g.signatures.length + g.metrics.length > 0);
  if (gains.length === 0) return <p><Tag tone="good">{t("coverage.all")}</Tag></p>;
  return (
    <Panel title={t("coverage.connect")} note={t("coverage.connect_note")} wide>
      <Table caption={t("coverage.connect")} empty="" head={[t("coverage.need"), t("coverage.how"), t("coverage.gain")]}
        rows={gains.map((g) => ({ key: g.need, cells: [t(`coverage.lacks.${g.need}`), t(`coverage.how.${g.need}`), [...g.signatures, ...g.metrics].join(", ")] }))} />
    </Panel>
  );
}

export function CoveragePage(): JSX.Element {
  const { data, error } = useGet<Coverage>("/api/v1/coverage", 10);
  const signals = useGet<SignalsNow>(`/api/v1/signals?lang=${currentLanguage()}`);
  if (!data) return error ? <Failure error={error} /> : <p role="status">{t("connecting")}</p>;
  const name = (id: string): JSX.Element => <a href={`#/signals/${id}`}>{signals.data?.signals.find((s) => s.id === id)?.name ?? id}</a>;
  const seen = data.signatures.filter((s) => s.seen_by.length > 0).length;
  return (
    <>
      <h1>{t("nav.coverage")}</h1>
      <p>{data.heard ? t("coverage.text", { product: data.product, seen, all: data.signatures.length }) : t("coverage.unheard")}</p>
      {data.heard && (
        <div class="grid">
          <Connect coverage={data} />
          <div class="half">
            <Panel title={t("coverage.signatures")} note={t("coverage.signatures_note")} wide>
              <Table caption={t("coverage.signatures")} empty="" head={["", t("coverage.signature"), t("coverage.by")]}
                rows={data.signatures.map((s) => ({
                  key: s.signature,
                  cells: [s.signature, t(`coverage.h.${s.signature}` as Key), s.seen_by.length > 0 ? <>{s.seen_by.map((id, i) => <>{i > 0 ? ", " : ""}{name(id)}</>)}</> : <Lacking needs={s.lacking} />],
                }))} />
            </Panel>
          </div>
          <div class="half">
            <Panel title={t("coverage.metrics")} wide>
              <Table caption={t("coverage.metrics")} empty="" head={[t("coverage.metric"), t("coverage.state")]}
                rows={data.metrics.map((m) => ({ key: m.metric, cells: [t(`coverage.metric.${m.metric}` as Key), <Lacking needs={m.lacking} />] }))} />
            </Panel>
          </div>
        </div>
      )}
    </>
  );
}
