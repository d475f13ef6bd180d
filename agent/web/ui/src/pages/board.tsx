// The machine under the agent. What it does not tell is said to be unknown; nothing is left out.
import type { JSX } from "preact";
import { Panel, Tag } from "../../kit/components";
import { bytes, count } from "../../kit/format";
import { t } from "../../kit/i18n";
import type { Board } from "../types";

type Row = [label: string, value: string, tone?: "bad" | "warn" | false];

const unknown = (): Row[1] => t("source.cannot");
const known = <T,>(value: T | null, say: (value: T) => string): string => (value === null ? unknown() : say(value));
const yes = (value: boolean): string => t(value ? "yes" : "no");

// One row for each part of a kind, or one that says that none is told.
const rows = <T,>(label: string, all: T[], row: (part: T) => Row): Row[] => (all.length > 0 ? all.map(row) : [[label, unknown()]]);

function diskWords(disk: Board["disks"][number]): string {
  const worn = known(disk.worn_percent, (percent) => t("board.worn", { percent }));
  return disk.failing === null ? worn : `${worn}; ${t(disk.failing ? "board.failing" : "board.not_failing")}`;
}

function linkWords(link: Board["links"][number]): string {
  if (!link.up) return t("board.link_down");
  const speed = link.mbps === null ? t("board.link_up") : t("board.link_speed", { mbps: count(link.mbps) });
  return `${speed}; ${t("board.link_errors", { errors: count(link.errors), dropped: count(link.dropped) })}`;
}

function clockWords(clock: Board["clock"]): string {
  const kept = known(clock.synchronised, (kept) => t(kept ? "board.clock_kept" : "board.clock_free"));
  const error = clock.error_s === null ? "" : `; ${t("board.clock_error", { ms: count(Math.ceil(clock.error_s * 1000)) })}`;
  const offset = clock.reference === null || clock.offset_s === null ? "" : `; ${t("board.clock_offset", { ms: count(Math.round(clock.offset_s * 10000) / 10), reference: clock.reference })}`;
  return kept + error + offset;
}

export function BoardPanel({ board: b }: { board: Board }): JSX.Element {
  const all: Row[] = [
    ...rows(t("board.temperature"), b.temperatures, ({ sensor, celsius, limit }): Row =>
      [`${t("board.temperature")}: ${sensor}`, `${Math.round(celsius)} °C${limit === null ? "" : ` (${t("board.limit", { celsius: Math.round(limit) })})`}`, limit !== null && celsius >= limit && "bad"]),
    ...rows(t("board.fan"), b.fans, ({ sensor, rpm }): Row => [`${t("board.fan")}: ${sensor}`, t("board.rpm", { rpm: count(rpm) })]),
    ...rows(t("board.disk"), b.disks, (disk): Row => [`${t("board.disk")}: ${disk.name}`, diskWords(disk), (disk.failing === true || (disk.worn_percent ?? 0) >= 80) && "bad"]),
    ...rows(t("board.link"), b.links, (link): Row => [`${t("board.link")}: ${link.name}`, linkWords(link)]),
    [t("board.clock"), clockWords(b.clock), b.clock.synchronised === false && "warn"],
    [t("board.battery"), known(b.clock_battery_low, yes), b.clock_battery_low === true && "warn"],
    [t("board.memory"), known(b.memory_available_bytes, (free) => t("board.memory_of", { free: bytes(free), total: bytes(b.memory_total_bytes) }))],
    [t("board.tpm"), known(b.tpm, (version) => version)],
  ];
  return (
    <Panel title={t("board.title")} wide>
      <dl class="facts">
        {all.map(([label, value, tone]) => <><dt>{label}</dt><dd>{tone ? <Tag tone={tone}>{value}</Tag> : value}</dd></>)}
      </dl>
    </Panel>
  );
}
