// Every page in both themes, both languages and on a phone: pictures, axe, words, width.
import { accessible, fits, picture } from "./browser.mjs";
import { go } from "./agent_story.mjs";
import { step } from "./report.mjs";
import { russian } from "./words.mjs";

const kWide = { width: 1280, height: 900 }, kPhone = { width: 390, height: 844 };
const ready = async (page) => {
  await page.locator("main h1, main h2").first().waitFor();
  await page.waitForTimeout(200);
};

export async function bothThemes(page, name) {
  await step(`${name}: axe finds nothing serious, light and dark`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await ready(page);
      await picture(page, colorScheme === "light" ? name : `${name}-dark`);
      await accessible(page, `${name} ${colorScheme}`);
    }
  });
  await page.emulateMedia({ colorScheme: "light" });
}

export const wide = (page, name) => step(`${name}: fits 1280 px and a phone`, async () => {
  await ready(page);
  await fits(page, name);
  await page.setViewportSize(kPhone);
  await ready(page);
  await picture(page, `${name}-phone`);
  await fits(page, `${name} on a phone`);
}).finally(() => page.setViewportSize(kWide));

export async function inEnglish(page, places) {
  for (const [name, place] of Object.entries(places)) {
    await go(page, place);
    await bothThemes(page, name);
    await wide(page, name);
  }
}

export async function inRussian(page, places) {
  await page.getByRole("button", { name: "Русский" }).click();
  for (const [name, place] of Object.entries(places))
    await step(`${name}: Russian, and no English text of ours left`, async () => {
      await go(page, place);
      await ready(page);
      await page.waitForTimeout(400);
      await picture(page, `${name}-ru`);
      await russian(page, name);
      await fits(page, `${name} in Russian`);
    });
  await page.getByRole("button", { name: "English" }).click();
}
