// Walks the pages by Tab, Enter and Escape alone.
import { need } from "./report.mjs";

const focused = (page) => page.evaluate(() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    what: at.id === "main" ? "main" : at.getAttribute("href") ?? at.className ?? "", text: (at.getAttribute("aria-label") ?? at.innerText ?? "").slice(0, 40), tag: at.tagName,
    seen: at.id === "main" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.left >= 0 && box.top >= 0),
  };
});

// Tabs on until `wanted`; each element on the way must show that it has the focus.
async function tabTo(page, wanted, name, limit = 60) {
  for (let i = 0; i < limit; i++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    need(at.tag === "BODY" || at.seen, `the focus is not seen on ${at.tag} "${at.text}"`);
    if (wanted(at)) return at;
  }
  throw new Error(`${name} is not reached by ${limit} times Tab`);
}

export async function skipLink(page) {
  await page.reload();
  await page.locator("#main h1").waitFor();
  const somewhere = () => page.waitForFunction(() => document.activeElement !== document.body, null, { timeout: 1000 }).then(() => true, () => false);
  for (let i = 0; i < 10; i++) {  // a key pressed while the page is still being drawn is lost
    await page.keyboard.press("Tab");
    if (await somewhere()) break;
  }
  const at = await focused(page);
  need(at.what === "#main" && at.seen, `the first stop is ${at.tag} "${at.text}", not the skip link`);
  await page.keyboard.press("Enter");
  need((await focused(page)).what === "main", "the skip link does not lead to the content");
}

export async function helpDialog(page) {
  const opener = await tabTo(page, (at) => at.what === "help", "a help button", 30);
  await page.keyboard.press("Enter");
  need((await page.locator("dialog[open]").count()) === 1, "Enter opens no dialog");
  need(await page.evaluate(() => document.querySelector("dialog[open]").contains(document.activeElement)), "the focus is not in the dialog");
  await page.keyboard.press("Escape");
  need((await page.locator("dialog[open]").count()) === 0, "Escape does not close the dialog");
  need((await focused(page)).text === opener.text, "the focus does not come back to the button");
}

export async function everyPage(page) {
  const links = await page.locator("nav a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  need(links.length >= 9, `only ${links.length} pages in the navigation`);
  for (const link of links) {
    await page.evaluate(() => document.activeElement.blur());
    await page.locator("body").press("Home");
    await page.keyboard.press("Tab");
    for (let i = 0; (await focused(page)).what !== "#main"; i++) {
      need(i < 400, "no way back to the skip link");
      await page.keyboard.press("Shift+Tab");
    }
    await tabTo(page, (at) => at.what === link, `the link ${link}`);
    await page.keyboard.press("Enter");
    await page.waitForFunction((hash) => location.hash === hash && document.activeElement.id === "main", link);
    need((await page.locator(`nav a[href="${link}"]`).getAttribute("aria-current")) === "page", `${link} is not told to be the present page`);
  }
}
