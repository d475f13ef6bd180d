import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, put } from "../../kit/api";
import type { Tone } from "../../kit/components";
import { Failure, Panel, Table, Tag, TextField } from "../../kit/components";
import { count, moment } from "../../kit/format";
import { useGet } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Delivery, Webhook } from "../types";
import { newsWords } from "../words";

const kTones: Record<Delivery["state"], Tone> = { waiting: "warn", delivered: "good", given_up: "bad" };

export function WebhookPage(): JSX.Element {
  const loaded = useGet<Webhook>("/api/v1/webhook");
  const deliveries = useGet<{ deliveries: Delivery[] }>("/api/v1/webhook/deliveries?limit=50", 3);
  const [hook, setHook] = useState<Webhook | null>(null), [secret, setSecret] = useState(""), [error, setError] = useState<ApiError | null>(null), [said, setSaid] = useState("");
  useEffect(() => {
    if (loaded.data) setHook(loaded.data);
  }, [loaded.data]);
  if (!hook) return loaded.error ? <Failure error={loaded.error} /> : <p role="status">{t("connecting")}</p>;
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await put<Webhook>("/api/v1/webhook", { enabled: hook.enabled, url: hook.url, dialled_numbers: hook.dialled_numbers, ...(secret ? { secret } : {}) });
    setError(answer.ok ? null : answer.error);
    setSaid(answer.ok ? t("saved") : "");
    if (answer.ok) loaded.reload();
  };
  const test = async (): Promise<void> => {
    const answer = await post("/api/v1/webhook/test");
    setError(answer.ok ? null : answer.error);
    setSaid(answer.ok ? t("webhook.queued") : "");
    deliveries.reload();
  };
  const check = (name: "enabled" | "dialled_numbers"): JSX.Element => (
    <label class="check"><input type="checkbox" checked={hook[name]} onChange={(e) => setHook({ ...hook, [name]: (e.target as HTMLInputElement).checked })} />{t(`webhook.${name}`)}</label>
  );
  return (
    <>
      <h1>{t("nav.webhook")}</h1>
      <p>{t("webhook.text")}</p>
      <div class="grid">
        <form class="third" onSubmit={(e) => void save(e)}>
          <Panel title={t("webhook.settings")} wide>
            {check("enabled")}
            <TextField label={t("webhook.url")} type="url" value={hook.url} onInput={(url) => setHook({ ...hook, url })} error={error?.field === "url" ? error.message : null} />
            <TextField label={t("webhook.secret")} type="password" value={secret} onInput={setSecret} autocomplete="new-password" note={hook.secret_set ? t("webhook.secret_set") : t("webhook.secret_none")}
              error={error?.field === "secret" ? error.message : null} />
            {check("dialled_numbers")}
            {error && error.field !== "url" && error.field !== "secret" && <Failure error={error} />}
            {said && <p class="done" role="status">{said}</p>}
            <div class="row"><button class="primary">{t("save")}</button><button type="button" onClick={() => void test()}>{t("webhook.test")}</button></div>
          </Panel>
        </form>
        <div class="two-thirds">
          <Panel title={t("webhook.deliveries")} wide>
            <Table caption={t("webhook.deliveries")} empty={t("webhook.none")} numbers={[3]}
              head={[t("webhook.created"), t("webhook.news"), t("webhook.state"), t("webhook.attempts"), t("webhook.delivered"), t("webhook.result")]}
              rows={(deliveries.data?.deliveries ?? []).map((d) => ({
                key: d.id,
                cells: [moment(d.created), d.incident ? <a href={d.incident.startsWith("rule-") ? "#/rules" : `#/incidents/${d.incident}`}>{newsWords(d.news)}</a> : newsWords(d.news), <Tag tone={kTones[d.state]}>{t(`delivery.${d.state}` as Key)}</Tag>,
                  count(d.attempts), moment(d.delivered), d.what],
              }))} />
          </Panel>
        </div>
      </div>
    </>
  );
}
