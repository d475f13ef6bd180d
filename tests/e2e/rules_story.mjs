// What a business user does: writes a rule with a mistake, takes the suggestion, asks the past, saves it in shadow; declares a change; registers a hypothesis.
import { go } from "./agent_story.mjs";
import { accessible, picture } from "./browser.mjs";
import { need } from "./report.mjs";

export async function writesRule(page) {
  await go(page, "rules/new");
  await page.getByLabel("Name", { exact: true }).fill("Long waits");
  await page.getByLabel("Condition", { exact: true }).fill("longest_wiat of any line > 1 s");
  await page.getByText("Did you mean").waitFor();
  need((await page.locator(".rule-marked mark").innerText()) === "longest_wiat", "the wrong word is not the marked one");
  need(await page.getByRole("button", { name: "Save" }).isDisabled(), "what cannot be read can be saved");
  await picture(page, "rule-mistake");
  await accessible(page, "rule with a mistake");
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByText(/^longest_wait: /).first().waitFor();
}

export async function backtests(page) {
  await page.getByLabel("Days back").fill("1");
  await page.getByRole("button", { name: "Run the backtest" }).click();
  await page.getByText(/It would have fired \d+ times?\./).waitFor({ timeout: 60_000 });
  need((await page.locator("svg.strip rect.strip-firing").count()) > 0, "no firing on the strip though callers wait");
  await picture(page, "rule-backtest");
}

export async function savesInShadow(page) {
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForFunction(() => /^#\/rules\/r\d+$/.test(location.hash));
  await go(page, "rules");
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Long waits" }) });
  await row.getByText("shadow").waitFor();
  await picture(page, "rules");
}

export async function snoozes(page) {
  await page.getByRole("link", { name: "Long waits" }).click();
  await page.getByRole("button", { name: "1 hour", exact: true }).click();
  await page.getByText(/^Snoozed by desk-1 until/).waitFor();
}

export async function declares(page) {
  await go(page, "changes");
  await page.getByLabel("Name", { exact: true }).fill("Two minutes of music");
  await page.getByLabel("Expected imposed wait, minutes").fill("2");
  await page.getByRole("button", { name: "Add a guardrail" }).click();
  await page.getByLabel("Guardrail", { exact: true }).fill("longest_wait of any queue > 20 min");
  await page.getByRole("button", { name: "Declare", exact: true }).click();
  await page.getByRole("heading", { name: "Two minutes of music" }).waitFor();
  await page.getByText("planned").first().waitFor();
}

export async function registers(page) {
  await go(page, "hypotheses");
  await page.getByLabel("Name", { exact: true }).fill("Waiting callers come first");
  await page.getByLabel("Signal", { exact: true }).fill("waiting of any line > 5");
  await page.getByRole("button", { name: "Register" }).click();
  await page.getByRole("heading", { name: "Waiting callers come first" }).waitFor();
  await page.getByText("Hits", { exact: true }).waitFor();
}
