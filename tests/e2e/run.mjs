// The real programs in a real browser, from the set-up code to the acknowledged incident. Prints a line per step and, last, the counts.
// node tests/e2e/run.mjs   HF_BIN: the build folder (build/release); CHROMIUM: the browser (/usr/bin/chromium). Pictures: build/e2e/*.png
import { acknowledge, addViewer, alarm, go, heard, incident, label, readsOnly, seesWall, setUp } from "./agent_story.mjs";
import { launch, person, picture, wrongs } from "./browser.mjs";
import { atHq, openHq } from "./hq_story.mjs";
import { everyPage, helpDialog, skipLink } from "./keyboard.mjs";
import { connects } from "./connector_story.mjs";
import { bothThemes, inEnglish, inRussian, wide } from "./pages.mjs";
import { hqIsThere, startAgent, startHq, stopAll } from "./programs.mjs";
import { backtests, declares, registers, savesInShadow, snoozes, writesRule } from "./rules_story.mjs";
import { updates } from "./update_story.mjs";
import { machine } from "./machine_story.mjs";
import { twoPbxs } from "./two_pbxs_story.mjs";
import { settings } from "./settings_story.mjs";
import { sources } from "./source_story.mjs";
import { finish, need, step, tell } from "./report.mjs";

const kLongest = 480_000, kAlarm = 300_000;
const kPlaces = { signals: "signals", signal: "signals/held_beside_free", rules: "rules", rule: "rules/r1", changes: "changes", hypotheses: "hypotheses", site: "site", sources: "sources", coverage: "coverage", surveys: "surveys", hq: "hq", webhook: "webhook", settings: "settings", users: "users", audit: "audit", updates: "updates", health: "health", machine: "machine", password: "password", "incidents-before": "incidents" };
let browser;

async function story() {
  const hq = hqIsThere ? await startHq() : null;
  await step("the example connector tells the agent of a call", connects);
  const agent = await startAgent(hq?.settings ?? "");
  const until = Date.now() + kAlarm;
  browser = await launch();
  const admin = await person(browser, "admin", agent.page), wall = await admin.newPage();
  await step("set-up in the browser with the printed code", () => setUp(wall, agent, "agent"));
  await wall.evaluate(() => (window.neverLoadedAgain = true));
  await step("the wall is live", () => seesWall(wall));
  await picture(wall, "live-before");
  await meanwhile(admin, agent, wall);
  const hqPage = hq ? await openHq(browser, hq) : tell(false, "HQ's page", "holdfast-hq is not built") && null;
  await wall.bringToFront();
  await step("the incident appears by itself, without a reload", () => alarm(wall, Math.max(1000, until - Date.now())));
  await step("a tone is rung, or its being blocked is shown", () => heard(wall));
  await afterwards(wall, hqPage);
}

// What needs no incident is done while it ripens.
async function meanwhile(admin, agent, wall) {
  const page = await admin.newPage();
  await page.goto(agent.page);
  await page.locator("#main h1").waitFor();
  await step("the first stop of the keyboard is the skip link, and it skips", () => skipLink(page));
  await step("help opens by Enter, keeps the focus, closes by Escape", () => helpDialog(page));
  await step("every page is reached by keyboard alone, the focus always seen", () => everyPage(page));
  await step("a new label of a line is on the wall", () => label(page, wall));
  await step("an admin adds a viewer", () => addViewer(page));
  await step("the viewer reads and cannot change", async () => {
    const viewer = await person(browser, "viewer", agent.page, [/status of 403/]);
    await readsOnly(await viewer.newPage(), agent.page);
    await viewer.close();
  });
  await step("two PBXs are told by name, and one that is away stops nothing", () => twoPbxs(browser));
  await step("a rule with a mistake gets its place and a suggestion", () => writesRule(page));
  await step("a backtest shows when it would have fired", () => backtests(page));
  await step("the rule is saved in shadow", () => savesInShadow(page));
  await step("a rule is snoozed for an hour", () => snoozes(page));
  await step("a change is declared with a guardrail", () => declares(page));
  await step("a hypothesis is registered and scored", () => registers(page));
  await sources(page);
  await step("a new box is connected to its PBX on the page", () => settings(browser));
  await step("the story of an update comes to its end", () => updates(browser));
  await step("the story of the machine comes to its end", () => machine(browser));
  await inEnglish(page, kPlaces);
  await inRussian(page, kPlaces);
  await page.close();
}

async function afterwards(wall, hqPage) {
  await bothThemes(wall, "live");
  await wide(wall, "live");
  await step("the incident's page has evidence, three checks and a chart", () => incident(wall));
  await step("it is acknowledged", () => acknowledge(wall));
  const place = (await wall.evaluate(() => location.hash)).replace("#/", "");
  await inEnglish(wall, { incident: place, incidents: "incidents" });
  await inRussian(wall, { live: "live", incident: place, incidents: "incidents" });
  await go(wall, "live");
  await step("logging out leads to the login", async () => {
    await wall.getByRole("button", { name: "Log out" }).click();
    await wall.getByRole("heading", { name: "Log in" }).waitFor();
    await bothThemes(wall, "login");
  });
  if (hqPage) await atHq(hqPage);
}

const guard = setTimeout(() => void end(new Error(`not done after ${kLongest / 1000} s`)), kLongest);
let ended = false;
async function end(error) {
  if (ended) return;
  ended = true;
  clearTimeout(guard);
  if (error) tell(false, "the whole story", String(error.stack ?? error));
  await step("no request to another origin, no console error, no breach of the content policy", async () => need(wrongs.length === 0, [...new Set(wrongs)].slice(0, 8).join("\n            ")));
  await Promise.race([browser?.close(), new Promise((done) => setTimeout(done, 5000))]);
  await stopAll();
  process.exit(finish());
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end(new Error(`ended by ${signal}`)));
await story().then(() => end(null), end);
