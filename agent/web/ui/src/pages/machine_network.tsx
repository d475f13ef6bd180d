// The machine's network: what it is, what is on trial and for how long, and another setting to try. A trial is kept only by a page that reached the box under it.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../kit/api";
import { post, put } from "../../kit/api";
import { Failure, Field, Panel, Table, Tag, TextField } from "../../kit/components";
import { moment } from "../../kit/format";
import type { Loaded } from "../../kit/hooks";
import type { Key } from "../../kit/i18n";
import { t } from "../../kit/i18n";
import type { Machine, MachineSetting, MachineTrial } from "../types";
import { wordsOf } from "./machine";

const settingText = (s: MachineSetting): string =>
  [s.interface, s.dhcp ? t("machine.by_dhcp") : s.address, ...(s.gateway ? [`${t("machine.gateway")} ${s.gateway}`] : []), ...(s.dns.length > 0 ? [`${t("machine.dns")} ${s.dns.join(" ")}`] : [])].join(", ");

// The same page at another address of the box.
function pageAt(address: string): string {
  const host = address.split("/")[0] ?? "", named = host.includes(":") ? `[${host}]` : host;
  return `https://${named}${location.port === "" ? "" : `:${location.port}`}/#/machine`;
}

// A trial as this page last heard of it, or as it asked for it itself: its end is known also when nothing is heard any more.
interface Known { setting: MachineSetting; until: number; trial: MachineTrial | null; unanswered: boolean }

function TrialPanel(props: { known: Known; silent: boolean; onDone: () => void }): JSX.Element {
  const [error, setError] = useState<ApiError | null>(null);
  const { setting, until, trial } = props.known, left = Math.max(0, Math.ceil((until - Date.now()) / 1000)), token = props.silent ? null : trial?.token ?? null;
  const ask = async (path: string, body?: unknown): Promise<void> => {
    const answer = await post(`/api/v1/machine/network/${path}`, body);
    setError(answer.ok ? null : answer.error);
    props.onDone();
  };
  return (
    <Panel title={t("machine.trial", { s: settingText(setting) })} wide>
      <p role="status">{left > 0 ? t("machine.trial_left", { n: left }) : t("machine.trial_over")}</p>
      {props.silent && <p>{t("machine.silent")}</p>}
      {token !== null && <p>{t("machine.trial_reached")}</p>}
      {token === null && (trial?.reached ? <p>{t("machine.trial_lost")}</p> : setting.dhcp ? <p>{t("machine.trial_elsewhere_dhcp")}</p> : <p>{t("machine.trial_elsewhere")} <a href={pageAt(setting.address)}>{pageAt(setting.address)}</a></p>)}
      <div class="row">
        {token !== null && <button type="button" class="primary" onClick={() => void ask("confirm", { token })}>{t("machine.keep")}</button>}
        {!props.silent && <button type="button" onClick={() => void ask("revert")}>{t("machine.revert")}</button>}
      </div>
      <Failure error={error} />
    </Panel>
  );
}

const kSilentMs = 8000;  // the page asks every two seconds
const kFields = ["interface", "address", "gateway", "dns", "confirm_within"];

function NetworkForm(props: { now: Machine; onSent: (setting: MachineSetting, within: number) => void; onAnswer: (refused: boolean, heardOf: boolean) => void }): JSX.Element {
  const known = props.now.interfaces, first = (known.find((one) => one.state === "up") ?? known[0])?.name ?? "";
  const [name, setName] = useState(first), [dhcp, setDhcp] = useState(false), [address, setAddress] = useState(""), [gateway, setGateway] = useState(""), [dns, setDns] = useState(""), [within, setWithin] = useState("120");
  const [error, setError] = useState<ApiError | null>(null), wrong = (field: string): string | null => (error?.field === field ? error.message : null);
  const show = (chosen: string): void => {
    const kept = props.now.settings.find((s) => s.interface === chosen);
    setName(chosen), setError(null);
    if (kept) setDhcp(kept.dhcp), setAddress(kept.address), setGateway(kept.gateway), setDns(kept.dns.join(" "));
  };
  useEffect(() => show(first), [first === ""]);  // a link that goes down must not change what somebody is filling in
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const setting = { interface: name, dhcp, address: dhcp ? "" : address.trim(), gateway: dhcp ? "" : gateway.trim(), dns: wordsOf(dns) }, seconds = Number(within) || 0;
    props.onSent(setting, seconds);  // before the answer, which may never come: the address may be gone that it would have come from
    const answer = await put("/api/v1/machine/network", { ...setting, confirm_within: seconds });
    const refused = !answer.ok && answer.error.kind !== "unreachable";
    setError(refused ? answer.error : null);
    props.onAnswer(refused, answer.ok);
  };
  return (
    <form class="half" onSubmit={(e) => void send(e)}>
      <Panel title={t("machine.change_network")} note={t("machine.network_note")} wide>
        <Field label={t("machine.interface")} error={wrong("interface")}>
          {(id, about) => props.now.interfaces.length === 0 ? <input id={id} aria-describedby={about} required value={name} onInput={(e) => setName((e.target as HTMLInputElement).value)} /> : (
            <select id={id} aria-describedby={about} value={name} onChange={(e) => show((e.target as HTMLSelectElement).value)}>
              {props.now.interfaces.map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}
            </select>
          )}
        </Field>
        <label class="check"><input type="checkbox" checked={dhcp} onChange={(e) => setDhcp((e.target as HTMLInputElement).checked)} />{t("machine.dhcp")}</label>
        {!dhcp && <TextField label={t("machine.address")} value={address} onInput={setAddress} required note={t("machine.address_note")} error={wrong("address")} />}
        {!dhcp && <TextField label={t("machine.gateway")} value={gateway} onInput={setGateway} note={t("machine.gateway_note")} error={wrong("gateway")} />}
        <TextField label={t("machine.dns")} value={dns} onInput={setDns} note={t("machine.dns_note")} error={wrong("dns")} />
        <TextField label={t("machine.within")} type="number" min={30} max={600} value={within} onInput={setWithin} note={t("machine.within_note")} error={wrong("confirm_within")} />
        {error && !kFields.includes(error.field ?? "") && <Failure error={error} />}
        <button class="primary" disabled={name === "" || props.now.trial !== null}>{t("machine.try")}</button>
      </Panel>
    </form>
  );
}

const stateText = (state: string): string => t(`machine.state.${state === "up" || state === "down" ? state : "other"}` as Key);

export function NetworkPanels(props: { now: Machine; loaded: Loaded<Machine> }): JSX.Element {
  const { now, loaded } = props, [sent, setSent] = useState<Known | null>(null), [heard, setHeard] = useState(Date.now()), [, tick] = useState(0);
  const silent = loaded.error?.kind === "unreachable" || Date.now() - heard > kSilentMs, counting = sent !== null;
  useEffect(() => setHeard(Date.now()), [now]);
  useEffect(() => {
    const timer = counting ? window.setInterval(() => tick((n) => n + 1), 1000) : 0;
    return () => window.clearInterval(timer);
  }, [counting]);
  const kept = (name: string): MachineSetting | undefined => now.settings.find((s) => s.interface === name);
  useEffect(() => {  // what the box says counts, for as long as it says anything
    if (now.trial) setSent({ setting: now.trial.setting, until: Date.now() + now.trial.left_s * 1000, trial: now.trial, unanswered: false });
    else setSent((old) => (old?.unanswered && Date.now() < old.until ? old : null));
  }, [now]);
  const onSent = (setting: MachineSetting, within: number): void => {
    setSent({ setting, until: Date.now() + within * 1000, trial: null, unanswered: true });
  };
  const onAnswer = (refused: boolean, heardOf: boolean): void => {
    setSent((old) => (refused ? null : old && { ...old, unanswered: !heardOf }));
    loaded.reload();
  };
  const none = t("machine.none_word"), last = now.last_trial;
  return (
    <>
      {sent && <TrialPanel known={sent} silent={silent} onDone={loaded.reload} />}
      {silent && !sent && <Failure error={loaded.error} />}
      <div class="half">
        <Panel title={t("machine.network")} wide>
          {last && <p role="status"><Tag tone={last.end === "kept" ? "good" : "warn"}>{last.setting.interface}</Tag> {t(`machine.end.${last.end}` as Key, { s: settingText(last.setting), at: moment(last.at) })}</p>}
          <Table caption={t("machine.network")} empty={t("machine.no_interfaces")} head={[t("machine.interface"), t("machine.state"), t("machine.addresses"), t("machine.setting")]}
            rows={now.interfaces.map((one) => {
              const set = kept(one.name);
              return { key: one.name, cells: [one.name, stateText(one.state), one.addresses.join(", ") || none, set ? settingText(set) : t("machine.as_image")] };
            })} />
          <p class="note">{t("machine.gateway_now", { g: now.gateway || none, d: now.dns.join(", ") || none })}</p>
        </Panel>
      </div>
      <NetworkForm now={now} onSent={onSent} onAnswer={onAnswer} />
    </>
  );
}
