// The browser, with an eye on what no page may do: a console error, a breach of the content policy, a request to another origin.
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./programs.mjs";
import { need } from "./report.mjs";

const require = createRequire(join(root, "agent/web/ui/package.json"));
const { chromium } = require("playwright-core");
const axe = require("axe-core");
const pictures = join(root, "build/e2e");
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });

export const wrongs = [];  // what was done that may not be
export const kWait = 20_000;

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// Runs in the page before its own script: tells breaches of the content policy, counts tones that were really started.
function watch() {
  window.tones = 0;
  document.addEventListener("securitypolicyviolation", (e) => console.error(`content policy: ${e.violatedDirective} ${e.blockedURI}`));
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    window.tones++;
    return start.apply(this, at);
  };
}

// One person's browser. `expected` are console lines that belong to the story: the browser tells a refused request as an error. A box that is still
// writing its past at the first start says so with 503.
const kStarting = /status of 503 .*\/api\/v1\/state\)$/;
export async function person(browser, who, origin, expected = []) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 900 }, locale: "en-GB", colorScheme: "light" });
  context.setDefaultTimeout(kWait);
  await context.addInitScript(watch);
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== new URL(origin).origin && url.protocol !== "data:" && url.protocol !== "blob:") wrongs.push(`${who}: request to ${request.url()}`);
  });
  context.on("console", (line) => {
    const text = `${line.text()} (${line.location().url})`;
    if (line.type() === "error" && ![kStarting, ...expected].some((pattern) => pattern.test(text))) wrongs.push(`${who}: ${text}`);
  });
  context.on("weberror", (error) => wrongs.push(`${who}: ${error.error()}`));
  return context;
}

export const picture = (page, name) => page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });

// The whole page as axe sees it; serious and critical findings are failures.
export async function accessible(page, where) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], preload: false }));
  const bad = found.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  need(bad.length === 0, `${where}: ${bad.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].failureSummary.split("\n")[1] ?? ""}`).join("; ")}`);
}

// Nothing sticks out to the right of the window.
export async function fits(page, where) {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  need(wide <= window, `${where}: the page is ${wide} px wide in a window of ${window}`);
}
