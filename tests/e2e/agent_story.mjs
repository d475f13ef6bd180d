// What a person does at a site: sets the box up, watches the wall, gets alarmed, looks, acknowledges.
import { kWait, picture } from "./browser.mjs";
import { need } from "./report.mjs";

export const kPassword = "correct horse battery", kAdmin = "desk-1";
const kViewer = "desk-2";
export const go = async (page, place) => {
  await page.evaluate((hash) => (location.hash = hash), `#/${place}`);
  await page.waitForTimeout(150);
  await page.waitForFunction(() => !/^(Connecting…|Соединение…)$/.test(document.querySelector("main")?.innerText.trim() ?? ""), null, { timeout: kWait });
};

export async function setUp(page, { page: address, code }, name) {
  await page.goto(address);
  await page.getByLabel("Set-up code").fill(code, { timeout: 90_000 });
  await page.getByLabel("User name").fill(kAdmin);
  await picture(page, `${name}-setup`);
  await page.getByLabel("Password").fill(kPassword);
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await page.getByRole("button", { name: "Log out" }).waitFor();
}

export async function logIn(page) {
  await page.getByRole("heading", { name: "Log in" }).waitFor({ timeout: 60_000 });
  await page.getByLabel("User name").fill(kAdmin);
  await page.getByLabel("Password").fill(kPassword);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByRole("button", { name: "Log out" }).waitFor();
}

export async function seesWall(page) {
  await page.getByRole("heading", { name: /waiting now/i }).waitFor();
  await page.getByRole("region", { name: "Lines today" }).first().waitFor();
  const clockOf = () => page.evaluate(() => document.querySelector("main").innerText);
  const before = await clockOf();
  for (let i = 0; i < 60 && (await clockOf()) === before; i++) await page.waitForTimeout(250);
  need((await clockOf()) !== before, "the wall stood still for 15 s");
}

// The alarm comes by itself: the tab is the one opened at the start and is marked to show that it was never loaded again.
export async function alarm(page, longest) {
  await page.getByText("Artificial hold", { exact: true }).first().waitFor({ timeout: longest });
  need(await page.evaluate(() => window.neverLoadedAgain === true), "the page was loaded again");
  need(/kept waiting/.test(await page.locator(".banner h1").innerText()), "the sentence does not say that callers are kept waiting");
}

export async function heard(page) {
  const blocked = await page.getByRole("button", { name: /sound is blocked/i }).count();
  const tones = await page.evaluate(() => window.tones);
  need(tones >= 2 || blocked > 0, `neither a tone (${tones}) nor a word that sound is blocked`);
}

export async function incident(page) {
  await page.getByRole("link", { name: "Why, and what to check first" }).click();
  await page.locator("ul.evidence li").first().waitFor();
  const evidence = await page.locator("ul.evidence li").allInnerTexts();
  need(evidence.length >= 1 && evidence.every((text) => /\d/.test(text)), `evidence without figures: ${evidence.join(" | ")}`);
  need((await page.locator("ol.checks li").count()) === 3, "not three checks");
  need((await page.locator(".chart canvas").count()) === 1, "no chart");
  await page.locator(".chart summary").click();
  await page.locator(".chart tbody tr").nth(5).waitFor();
  await page.locator(".chart summary").click();
}

export async function acknowledge(page) {
  await page.getByRole("button", { name: "I have seen it" }).click();
  await page.getByText(`Seen by ${kAdmin}`).waitFor();
}

// Gives the first line a label and finds it on the wall in another tab.
export async function label(page, wall) {
  await go(page, "site");
  const add = page.getByRole("button", { name: /^Add (?!another)/ });
  await page.getByRole("button", { name: "Add another line" }).waitFor();
  if ((await page.locator("fieldset").first().getByLabel("Label").count()) === 0) await add.first().click();
  await page.locator("fieldset").first().getByLabel("Label").fill("Spare parts");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await wall.getByRole("region", { name: "Lines today" }).getByText("Spare parts").first().waitFor();
}

export async function addViewer(page) {
  await go(page, "users");
  await page.getByLabel("User name").fill(kViewer);
  await page.getByLabel("Password").fill(kPassword);
  await page.getByRole("button", { name: "Add a user" }).click();
  await page.getByRole("cell", { name: kViewer, exact: true }).first().waitFor();
}

export async function readsOnly(page, address) {
  await page.goto(address);
  await page.getByLabel("User name").fill(kViewer);
  await page.getByLabel("Password").fill(kPassword);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("button", { name: "Log out" }).waitFor();
  for (const name of ["Webhook", "Users", "Audit log"]) need((await page.getByRole("link", { name, exact: true }).count()) === 0, `the viewer is offered ${name}`);
  await go(page, "site");
  await page.locator("fieldset input").first().waitFor();
  need((await page.locator("main input:not([disabled])").count()) === 0, "the viewer finds a field to edit");
  need((await page.getByRole("button", { name: "Save" }).count()) === 0, "the viewer finds a button Save");
  await picture(page, "site-viewer");
  const status = await page.evaluate(async () => (await fetch("/api/v1/users")).status);
  need(status === 403, `the users answered ${status} to the viewer`);
}
