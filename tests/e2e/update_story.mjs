// An admin brings a new version to a sealed box: a break in the middle of the upload, the installing, the trial, and a version that comes back.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { go, setUp } from "./agent_story.mjs";
import { accessible, fits, person, picture } from "./browser.mjs";
import { startUpdatable } from "./programs.mjs";
import { need, step } from "./report.mjs";
import { russian } from "./words.mjs";

const bundle = (version) => Buffer.concat([Buffer.from(`holdfast ${version} `), Buffer.alloc(2_500_000, version)]);
const kLong = { timeout: 30_000 };

async function bring(page, name, bytes) {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
  await page.getByRole("button", { name: /^(Send|Go on)$/ }).click();
}

export async function updates(browser) {
  const box = await startUpdatable();
  const admin = await person(browser, "admin of a box", box.page, [/ERR_FAILED/]);
  const page = await admin.newPage();
  await setUp(page, box, "updates");
  await go(page, "updates");
  await step("the page says which version runs", async () => {
    await page.getByText("1.0.0", { exact: true }).waitFor();
    await page.getByText("found good", { exact: true }).waitFor();
  });
  await step("an upload goes on after a break, and is inspected by itself", async () => {
    let pieces = 0;
    await page.route(/upload\?offset=/, (route) => (++pieces === 2 ? route.abort() : route.continue()));
    await bring(page, "holdfast-1.1.0.raucb", bundle("1.1.0"));
    await page.getByText("can be installed", { exact: true }).waitFor(kLong);
    need(pieces === 4, `${pieces} pieces were sent for three and a break`);
    await picture(page, "updates-good");
    await accessible(page, "updates");
    await fits(page, "updates");
  });
  await step("installing is told, and is not yet good", async () => {
    await page.getByRole("button", { name: "Install 1.1.0 and start anew" }).click();
    await page.getByText("Version 1.1.0 is being written 40%").waitFor(kLong);
    box.tell({ version: "1.0.0", confirmed: "yes", other: "1.1.0", other_good: "good" });
    await page.getByText("Version 1.1.0 is written.").waitFor(kLong);
    for (let i = 0; i < 40 && !/request=shutdown actor=desk-1@.* power_off=no/.test(box.asked()); i++) await page.waitForTimeout(250);
    need(/request=install_update actor=desk-1@/.test(box.asked()) && /request=shutdown/.test(box.asked()), `the device service was asked: ${box.asked()}`);
    need((await page.getByText("runs, found good").count()) === 0, "a version that never ran is called good");
  });
  await step("a version is good only when it runs and was found good", async () => {
    box.tell({ version: "1.1.0", confirmed: "no", other: "1.0.0", other_good: "good" });
    await page.getByText("Version 1.1.0 runs on trial").waitFor(kLong);
    need((await page.getByText("runs, found good").count()) === 0, "a version on trial is called good");
    box.tell({ version: "1.1.0", confirmed: "yes", other: "1.0.0", other_good: "good" });
    await page.getByText("runs, found good", { exact: true }).waitFor(kLong);
  });
  await step("a bundle of another maker is refused in words", async () => {
    await bring(page, "forged.raucb", Buffer.from("a forged bundle"));
    await page.getByText("It is not signed by the maker whose versions this box takes.").waitFor(kLong);
  });
  await step("a version from a stick that comes back says why", async () => {
    writeFileSync(join(box.stick, "holdfast-1.2.0.raucb"), bundle("1.2.0"));
    await page.getByText("holdfast-1.2.0.raucb").waitFor(kLong);
    await page.getByRole("row", { name: /holdfast-1.2.0/ }).getByRole("button", { name: "Inspect" }).click();
    await page.getByRole("button", { name: "Install 1.2.0 and start anew" }).click(kLong);
    await page.getByText("Version 1.2.0 is being written 40%").waitFor(kLong);
    box.tell({ version: "1.1.0", confirmed: "yes", other: "1.2.0", other_good: "good" });
    await page.getByText("Version 1.2.0 is written.").waitFor(kLong);
    writeFileSync(box.health, JSON.stringify({ failed_version: "1.2.0", failed: "page: answers 503", failed_at: Date.now() / 1000 }));
    box.tell({ version: "1.1.0", confirmed: "yes", other: "1.2.0", other_good: "bad" });
    await page.getByText("page: answers 503").waitFor(kLong);
    await picture(page, "updates-given-back");
  });
  await step("the page of versions in Russian", async () => {
    await page.getByRole("button", { name: "Русский" }).click();
    await page.getByText("возвращена прежняя").waitFor();
    await russian(page, "updates");
    await fits(page, "updates in Russian");
  });
  await admin.close();
}
