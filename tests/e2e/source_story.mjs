// What IT does with a source: listens to it, looks what it can show, lets a template be proposed, brings in answers to a survey.
import { accessible, picture } from "./browser.mjs";
import { go } from "./agent_story.mjs";
import { need, step } from "./report.mjs";

const kTwo = (n) => String(n).padStart(2, "0");
const kRecords = [...Array(30).keys()].map((i) => `2026-03-02 10:${kTwo(i)}:00;0:00:${kTwo(3 + (i % 9))};0:04:${kTwo(i)};+4917012345${kTwo(i)};20${i % 5}`).join("\n");

export async function sources(page) {
  await go(page, "sources");
  await step("listening shows what the source tells", async () => {
    await page.getByRole("button", { name: "Listen for 60 seconds" }).click();
    await page.getByText("channel_started", { exact: true }).first().waitFor({ timeout: 60_000 });
    need(!/dialled=\d{3}/.test(await page.locator("main").innerText()), "a dialled number is shown");
  });
  await step("pasted call records become a template with its doubts", async () => {
    await page.getByLabel("Lines").fill(kRecords);
    await page.getByRole("button", { name: "Propose a template" }).click();
    await page.getByText('separator = ";"').waitFor();
    await page.getByText("Ring and talk are told apart by their usual lengths").waitFor();
    need((await page.getByText("record", { exact: true }).count()) === 30, "not every line is read as a record");
    await picture(page, "smdr-assist");
    await accessible(page, "smdr-assist");
  });
  await go(page, "coverage");
  await step("coverage says what the simulated PBX cannot show", async () => {
    await page.getByText("25 of 26 signatures").waitFor();
    await page.getByText("not visible").first().waitFor();
  });
  await go(page, "surveys");
  await step("a file of answers is taken, and its figures stand", async () => {
    const now = Math.floor(Date.now() / 1000) - 600;
    const lines = [...Array(25).keys()].map((i) => `${now + i};sales;csat;${i < 20 ? 5 : 2};1-5`);
    const file = { name: "answers.csv", mimeType: "text/csv", buffer: Buffer.from(["time;queue;question;score;scale", ...lines, `${now};sales;csat;9;1-5`].join("\n")) };
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByRole("button", { name: "Bring in" }).click();
    await page.getByText("26 answers taken, 1 of them not valid").waitFor();
    await page.getByRole("button", { name: "Last day" }).click();
    await page.getByText("80% gave one of the two best").waitFor({ timeout: 40_000 });
  });
}
