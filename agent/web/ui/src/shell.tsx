import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { LanguageSwitch } from "../kit/components";
import type { Key } from "../kit/i18n";
import { t } from "../kit/i18n";
import type { LinkState } from "../kit/live";
import { soundAllowed, soundWanted, unlock, wantSound } from "../kit/sound";
import type { Session } from "./types";

// A group a line: the floor, what the site itself wants to know, how it is connected, the box.
const kPlaces: { id: string; admin?: boolean }[][] = [
  [{ id: "live" }, { id: "incidents" }, { id: "signals" }],
  [{ id: "rules" }, { id: "hypotheses" }, { id: "changes" }],
  [{ id: "site" }, { id: "sources" }, { id: "coverage" }, { id: "surveys" }, { id: "hq" }, { id: "webhook", admin: true }],
  [{ id: "users", admin: true }, { id: "audit", admin: true }, { id: "settings", admin: true }, { id: "updates" }, { id: "health" }, { id: "machine", admin: true }],
];

function SoundSwitch(): JSX.Element {
  const [, again] = useState(0);
  const on = soundWanted(), blocked = on && !soundAllowed();
  const turn = async (): Promise<void> => {
    if (blocked) await unlock();
    else wantSound(!on);
    again((n) => n + 1);
  };
  return (
    <button type="button" aria-pressed={on && !blocked} onClick={() => void turn()}>
      {blocked ? t("sound.blocked") : on ? t("sound.on") : t("sound.off")}
    </button>
  );
}

// The frame around every page: skip link, navigation, language, sound, who is logged in, and a word when the connection is lost.
export function Shell(props: {
  session: Session; link: LinkState; open: number; place: string; onLogout: () => void; children: ComponentChildren;
}): JSX.Element {
  const admin = props.session.role === "admin";
  return (
    <>
      <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById("main")?.focus(); }}>{t("skip")}</a>
      <header class="top">
        <a class="brand" href="#/live"><img src="icon.svg" alt="" />Holdfast</a>
        <div class="controls">
          <SoundSwitch />
          <LanguageSwitch />
          <a href="#/password">{props.session.user}</a>
          <button type="button" onClick={props.onLogout}>{t("logout")}</button>
        </div>
        <nav aria-label={t("nav")}>
          {kPlaces.map((group) => (
            <ul key={group[0]?.id}>
              {group.filter((p) => !p.admin || admin).map((p) => (
                <li key={p.id}>
                  <a href={`#/${p.id}`} aria-current={props.place === p.id ? "page" : undefined}>
                    {t(`nav.${p.id}` as Key)}{p.id === "incidents" && props.open > 0 && <> <span class="tag tag-bad">{props.open}</span></>}
                  </a>
                </li>
              ))}
            </ul>
          ))}
        </nav>
      </header>
      {props.link === "lost" && <div class="lost" role="alert">{t("link.lost")}</div>}
      <main id="main" tabIndex={-1}>{props.children}</main>
    </>
  );
}
