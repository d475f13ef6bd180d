// What IT does with a new box: connects its PBX on the page, by a text that is checked before it is saved; the simulated centre goes.
import { accessible, fits, person, picture } from "./browser.mjs";
import { go, logIn, setUp } from "./agent_story.mjs";
import { startNew } from "./programs.mjs";
import { need } from "./report.mjs";

const problems = (page) => page.getByRole("alert").locator("li");
const check = (page) => page.getByRole("button", { name: "Check", exact: true }).click();

// Every kind's lines are keys that a start knows: what is left to say of them is what the admin has to fill in.
async function linesOfEveryKind(page) {
  const kinds = await page.getByLabel("Kind").locator("option").evaluateAll((all) => all.map((one) => one.value));
  need(kinds.length === 8, `${kinds.length} kinds of sources`);
  for (const kind of kinds) {
    await page.getByLabel("Kind").selectOption(kind);
    await page.getByRole("button", { name: "Put into the text" }).click();
    await check(page);
    await page.locator("[role=alert] li, .warning, .done").first().waitFor();
    const said = (await problems(page).allInnerTexts()).join("\n");
    need(!/unknown|must be/.test(said), `${kind}: ${said}`);
  }
}

async function secrets(page) {
  const files = page.locator("section", { hasText: "Files that the settings name" });
  await files.getByRole("textbox", { name: "Name" }).fill("pbx.secret");
  await files.getByLabel("Content").fill("open sesame");
  await files.getByRole("button", { name: "Keep", exact: true }).click();
  await files.getByText("Kept.", { exact: true }).waitFor();
  need(!(await page.content()).includes("sesame"), "the secret is shown");
  await files.getByRole("button", { name: "Remove pbx.secret" }).click();
  await files.getByText("None yet.").waitFor();
}

async function asksHq(page) {
  await page.getByRole("button", { name: "Make this site's request" }).click();
  await page.getByText("BEGIN CERTIFICATE REQUEST").waitFor();
  await page.getByRole("button", { name: "Put HQ's lines into the text" }).click();
  await check(page);
  await problems(page).first().waitFor();
  need(/site\.crt: No such file/.test((await problems(page).allInnerTexts()).join()), "the certificate that is not there yet is not told");
  await page.reload();
  await page.getByLabel("Kind").waitFor();
}

async function connects(page, log) {
  await page.getByLabel("Kind").selectOption("queue_log");
  await page.getByRole("button", { name: "Put into the text" }).click();
  const text = page.getByLabel("Text", { exact: true }), written = await text.inputValue();
  need(!written.includes("simulator") && written.includes("[web]"), written);
  await text.fill(written.replace("queue_log\"\npath", "queue_logg\"\npath"));
  await check(page);
  await problems(page).first().waitFor();
  need(/agent\.toml:\d+:\d+: .*did you mean "queue_log"/.test(await problems(page).first().innerText()), "the mistake has no place or no suggestion");
  await picture(page, "settings-mistake");
  await text.fill(written.replace(/path = .*/, `path = "${log}"`));
  await page.getByRole("button", { name: "Save and start anew" }).click();
  await page.getByText("The simulated centre's calls").waitFor();
  await page.getByRole("button", { name: "Save and start anew" }).click();
  await page.getByText("Starting anew.").waitFor();
}

export async function settings(browser) {
  const agent = await startNew();
  const admin = await person(browser, "admin of a new box", agent.page, [/status of (401|503)/, /ERR_CONNECTION_REFUSED/]), page = await admin.newPage();
  await setUp(page, agent, "new");
  await go(page, "settings");
  await linesOfEveryKind(page);
  await secrets(page);
  await asksHq(page);
  await connects(page, agent.log);
  await logIn(page);
  await go(page, "sources");
  await page.getByRole("heading", { name: /queue_log/ }).first().waitFor();
  await go(page, "live");
  need(!(await page.locator("main").innerText()).includes("Support"), "a simulated queue is still there");
  await go(page, "settings");
  need((await page.getByLabel("Text", { exact: true }).inputValue()).includes('kind = "queue_log"'), "the saved text is not shown");
  await accessible(page, "settings");
  await fits(page, "settings");
  await picture(page, "settings");
  await admin.close();
}
