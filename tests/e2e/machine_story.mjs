// An admin brings a sealed box into the site's network by its page: a setting on trial, kept at the new address, taken back by hand, taken back by itself; then clock, power, reset.
import { go, kAdmin, kPassword, setUp } from "./agent_story.mjs";
import { accessible, fits, person, picture } from "./browser.mjs";
import { startUpdatable } from "./programs.mjs";
import { need, step } from "./report.mjs";
import { russian } from "./words.mjs";

const kLong = { timeout: 30_000 }, kRefused = /status of (400|409)/;
const field = (page, name) => page.getByLabel(name, { exact: true });

// What the device service was asked, or soon is.
async function hears(box, page, wanted) {
  for (let i = 0; i < 40 && !wanted.test(box.asked()); i++) await page.waitForTimeout(250);
  need(wanted.test(box.asked()), `the device service was asked: ${box.asked()}`);
}

async function tries(page, address) {
  const interfaces = page.getByLabel("Interface", { exact: true });
  if (await interfaces.evaluate((element) => element.tagName === "INPUT")) await interfaces.fill("eth0");  // a machine without a network
  else need((await page.getByRole("row", { name: await interfaces.inputValue() }).innerText()).includes("up") || (await page.getByRole("cell", { name: "up", exact: true }).count()) === 0, "the form begins with a link that is down, though another is up");
  await field(page, "Address with the length of its net").fill(address);
  await page.getByRole("button", { name: "Try this setting" }).click();
}

async function network(browser, box, page, port) {
  await step("a wrong address is told at its field, and nothing is on trial", async () => {
    await tries(page, "127.0.0.2");
    await page.locator(".field-bad").getByText("must be like 192.0.2.7/24").waitFor();
    need((await page.getByText(/^On trial/).count()) === 0, "a refused setting is shown as on trial");
  });
  await step("a setting on trial counts down and is taken back by hand", async () => {
    await tries(page, "127.0.0.2/8");
    await page.getByText(/^1[012]\d seconds are left/).waitFor();
    await picture(page, "machine-trial");
    await accessible(page, "machine with a trial");
    await page.getByRole("button", { name: "Back to the old setting" }).click();
    await page.getByText(/Taken back by hand: .*127\.0\.0\.2\/8/).waitFor();
  });
  await step("a setting that nobody keeps comes back by itself, and the page says so", async () => {
    box.tell({ version: "1.0.0", confirmed: "yes", hurry: "3" });
    await tries(page, "127.0.0.3/8");
    await page.getByText(/Nobody kept .*127\.0\.0\.3\/8/).waitFor(kLong);
    box.tell({ version: "1.0.0", confirmed: "yes" });
  });
  await step("a page opened anew at the new address keeps the setting", async () => {
    await tries(page, "127.0.0.2/8");
    await page.getByText(/seconds are left/).waitFor();
    const there = await person(browser, "admin at the new address", `https://127.0.0.2:${port}/`);
    const fresh = await there.newPage();
    await fresh.goto(`https://127.0.0.2:${port}/#/machine`);
    await fresh.getByLabel("User name").fill(kAdmin);
    await fresh.getByLabel("Password").fill(kPassword);
    await fresh.getByRole("button", { name: "Log in" }).click();
    await fresh.getByRole("button", { name: "Keep this setting" }).click(kLong);
    await fresh.getByText(/Kept: .*127\.0\.0\.2\/8/).waitFor();
    await hears(box, page, /request=confirm_network actor=desk-1@\S+ token=/);
    await there.close();
  });
}

async function clockAndPower(box, page) {
  await step("time servers, zone and name are set, each by itself; what the machine refuses is told", async () => {
    await field(page, "Time servers").fill("ntp.site 192.0.2.1");
    await page.getByRole("button", { name: "Save: Time servers" }).click();
    await page.getByText("Time servers keep the clock; take them away first").waitFor();
    await field(page, "Time zone of the machine").fill("Europe/Nowhere");
    await page.getByRole("button", { name: "Save: Time zone of the machine" }).click();
    await page.locator(".field-bad").getByText(/Invalid or not installed time zone/).waitFor();
    await field(page, "Name of the machine").fill("berlin-1");
    await page.getByRole("button", { name: "Save: Name of the machine" }).click();
    await hears(box, page, /request=set_hostname \S+ name=berlin-1/);
    await hears(box, page, /request=set_time_servers actor=desk-1@\S+ servers=ntp.site,192.0.2.1/);
  });
  await step("a restart in the window waits and is taken back; power off wants a second look", async () => {
    await page.getByRole("button", { name: "Start anew between 02:00-04:00" }).click();
    await page.getByText(/^The box starts anew between/).waitFor();
    await page.getByRole("button", { name: "Take it back" }).click();
    await page.getByRole("button", { name: "Power off now" }).click();
    await page.getByText(/only somebody who stands before it can switch it on/).waitFor();
    await page.getByRole("button", { name: "Leave it" }).click();
    need(!/power_off=yes/.test(box.asked()), "the box was powered off without a second look");
  });
  await step("a reset wants the word and the right password", async () => {
    await page.getByText(/^Data: calls, incidents/).click();
    const erase = page.getByRole("button", { name: "Erase and start anew" });
    await field(page, "Your password").fill("not the password");
    need(await erase.isDisabled(), "the reset can be asked for without the word");
    await field(page, "Type the word ERASE").fill("ERASE");
    await erase.click();
    await page.getByText(/the password is wrong/).waitFor();
    need(!/factory_reset/.test(box.asked()), "a reset without the right password");
  });
  await step("the device service's own log is shown", async () => {
    await page.getByRole("button", { name: "Show the newest lines" }).click();
    await page.getByText("request=set_zone result=done").waitFor();
  });
}

export async function machine(browser) {
  const box = await startUpdatable("machine", 'address = "0.0.0.0"\n'), port = new URL(box.page).port;
  const address = `https://127.0.0.1:${port}/`;
  const admin = await person(browser, "admin of a machine", address, [kRefused]);
  const page = await admin.newPage();
  await setUp(page, { ...box, page: address }, "machine");
  await go(page, "machine");
  await step("the page tells the machine's network, clock and power", async () => {
    await page.getByRole("region", { name: "Network", exact: true }).first().waitFor();
    await page.getByText(/^The box's clock shows/).waitFor();
    need((await page.locator(".failure").count()) === 0, "the device service cannot be asked");
    await picture(page, "machine-box");
    await accessible(page, "machine of a box");
    await fits(page, "machine of a box");
  });
  await network(browser, box, page, port);
  await clockAndPower(box, page);
  await step("the page of the machine on a phone and in Russian", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await fits(page, "machine on a phone");
    await page.getByRole("button", { name: "Русский" }).click();
    await page.getByText(/Оставлена настройка/).waitFor();
    await russian(page, "machine");
    await fits(page, "machine in Russian on a phone");
    await accessible(page, "machine in Russian");
    await picture(page, "machine-phone-ru");
  });
  await admin.close();
}
