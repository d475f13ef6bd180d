// HQ's page: the site's incident arrives there.
import { person, picture } from "./browser.mjs";
import { setUp } from "./agent_story.mjs";
import { bothThemes, inRussian, wide } from "./pages.mjs";
import { need, step } from "./report.mjs";

export async function openHq(browser, hq) {
  const context = await person(browser, "hq", hq.page);
  const page = await context.newPage();
  await step("HQ: set-up by code, the site is there and in contact", async () => {
    await setUp(page, hq, "hq");
    await page.getByRole("link", { name: "Berlin" }).waitFor();
    await page.getByText("in contact", { exact: true }).waitFor();
  });
  return page;
}

export async function atHq(page) {
  await step("HQ: the incident arrives", async () => {
    await page.getByRole("cell", { name: "Artificial hold" }).first().waitFor({ timeout: 30_000 });
    need((await page.getByRole("cell", { name: "berlin-1" }).count()) > 0, "the incident does not tell its site");
  });
  await bothThemes(page, "hq-fleet");
  await wide(page, "hq-fleet");
  await page.getByRole("link", { name: "Berlin" }).first().click();
  await page.getByRole("heading", { name: "Berlin" }).waitFor();
  await bothThemes(page, "hq-site");
  await wide(page, "hq-site");
  await inRussian(page, { "hq-fleet": "", "hq-site": "sites/berlin-1" });
  await picture(page, "hq-end");
}
