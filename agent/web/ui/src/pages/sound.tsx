// How calls sounded, by queue, from the reports that phones and PBX send while they talk (RTCP).
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import { count, decimal, tenthsOfPercent } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import { t } from "../../kit/i18n";
import type { Voice, VoiceRow } from "../types";

const kDays = [1, 7, 30] as const;
const minute = (): number => Math.floor(Date.now() / 60000) * 60 + 60;  // held for a minute, so that the address stays the same

const poor = (r: VoiceRow): JSX.Element | string => (r.poor > 0 ? <Tag tone="warn">{count(r.poor)}</Tag> : count(0));

export function SoundPanel(): JSX.Element {
  const [days, setDays] = useState<number>(1);
  const to = minute();
  const { data, error } = useGet<Voice>(`/api/v1/voice?from=${to - days * 86400}&to=${to}`, 30);
  return (
    <Panel title={t("sound.title")} note={t("sound.note")} wide>
      <div class="row" role="group" aria-label={t("survey.span")}>
        {kDays.map((d) => <button type="button" key={d} aria-pressed={days === d} onClick={() => setDays(d)}>{t(`survey.days.${d}`)}</button>)}
      </div>
      <Failure error={error} />
      {data && <Table caption={t("sound.title")} empty={t("sound.none")} numbers={[1, 2, 3, 4, 5, 6]}
        head={[t("survey.queue"), t("sound.listeners"), t("sound.mos_lq"), t("sound.worst"), t("sound.poor", { v: decimal(data.poor_below, 1) }), t("sound.loss"), t("sound.jitter")]}
        rows={data.rows.map((r) => ({
          key: r.queue,
          cells: [r.queue_label || r.queue || t("survey.no_queue"), count(r.listeners), decimal(r.mos_lq, 2), decimal(r.worst_mos_lq, 2), poor(r), tenthsOfPercent(r.loss),
            r.jitter_s === null ? t("unknown") : t("unit.ms", { v: decimal(r.jitter_s * 1000, 0) })],
        }))} />}
      {data && data.too_old > 0 && <p class="note">{t("sound.too_old", { n: data.too_old })}</p>}
    </Panel>
  );
}
