// A site with two PBXs, one of which is a file that is not there: both are shown by name, and the broken one stops nothing.
import { setUp, go } from "./agent_story.mjs";
import { person, picture } from "./browser.mjs";
import { startTwoPbxs } from "./programs.mjs";
import { need } from "./report.mjs";

export async function twoPbxs(browser) {
  const agent = await startTwoPbxs();
  const admin = await person(browser, "admin of two", agent.page);
  const page = await admin.newPage();
  await setUp(page, agent, "two-pbxs");
  await page.getByText("north: Support").first().waitFor();
  await go(page, "sources");
  await page.getByRole("heading", { name: /^north: simulator/ }).waitFor();
  const broken = page.getByRole("region", { name: /^log: queue_log/ });
  need(/no such file|not there|cannot be/i.test(await broken.innerText()), "the log that is not there is not told");
  await picture(page, "two-pbxs-sources");
  await admin.close();
}
