// What leaves the site: the link to HQ, and every payload as HQ reads it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { get } from "../../kit/api";
import type { Tone } from "../../kit/components";
import { Failure, Panel, Table, Tag } from "../../kit/components";
import { bytes, count, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { HqLink, OutboxItem } from "../types";

const kTones: Record<HqLink["state"], Tone> = { off: "calm", connecting: "warn", connected: "good", refused: "bad", unreachable: "warn" };

export function HqPage(): JSX.Element {
  const link = useGet<HqLink>("/api/v1/hq", 5);
  const [before, setBefore] = useState<number | null>(null);
  const items = useGet<{ items: OutboxItem[]; before: number | null }>(`/api/v1/outbox?limit=50${before === null ? "" : `&before=${before}`}`, before === null ? 5 : 0);
  const [shown, setShown] = useState<{ sequence: number; text: string } | null>(null);
  const show = async (sequence: number): Promise<void> => {
    const answer = await get<{ body: unknown }>(`/api/v1/outbox/${sequence}`);
    setShown({ sequence, text: answer.ok ? JSON.stringify(answer.data.body, null, 2) : answer.error.message });
  };
  const hq = link.data;
  return (
    <>
      <h1>{t("nav.hq")}</h1>
      <p>{t("hq.text")}</p>
      <Failure error={link.error ?? items.error} />
      <div class="grid">
        <div>
          {hq && (
            <Panel title={t("hq.link")} actions={<Tag tone={kTones[hq.state]}>{t(`hq.${hq.state}` as Key)}</Tag>} wide>
              {hq.what && <p>{hq.what}</p>}
              <dl class="facts">
                <dt>{t("hq.address")}</dt><dd>{hq.address || t("hq.none")}</dd>
                <dt>{t("hq.site")}</dt><dd>{hq.site}</dd>
                <dt>{t("hq.last_contact")}</dt><dd>{moment(hq.last_contact)}</dd>
                <dt>{t("hq.queued")}</dt><dd>{count(hq.queued)}</dd>
                <dt>{t("hq.acknowledged")}</dt><dd>{hq.last_acknowledged === null ? t("never") : count(hq.last_acknowledged)}</dd>
                <dt>{t("hq.certificate")}</dt><dd>{moment(hq.certificate_ends)}</dd>
              </dl>
            </Panel>
          )}
        </div>
        <div>
          <Panel title={t("hq.sent")} note={t("hq.sent_note")} wide>
            <Table caption={t("hq.sent")} empty={t("hq.nothing")} numbers={[0, 5]}
              head={["#", t("hq.kind"), t("hq.created"), t("hq.last_try"), t("hq.have"), t("hq.size"), t("hq.payload")]}
              rows={(items.data?.items ?? []).map((item) => ({
                key: String(item.sequence),
                cells: [String(item.sequence), t(`payload.${item.kind}` as Key), moment(item.created), moment(item.sent),
                  item.acknowledged === null ? <Tag tone="warn">{t("hq.waiting")}</Tag> : <Tag tone="good">{moment(item.acknowledged)}</Tag>, bytes(item.bytes),
                  <button type="button" aria-expanded={shown?.sequence === item.sequence} onClick={() => void show(item.sequence)}>{t("hq.show")}</button>],
              }))} />
            <div class="row">
              {before !== null && <button type="button" onClick={() => setBefore(null)}>{t("hq.newest")}</button>}
              {items.data?.before != null && <button type="button" onClick={() => setBefore(items.data!.before)}>{t("hq.older")}</button>}
            </div>
            {shown && <><h3>{t("hq.payload_of", { n: shown.sequence })}</h3><pre tabIndex={0}>{shown.text}</pre></>}
          </Panel>
        </div>
      </div>
    </>
  );
}
