// Is a page in Russian? Looks at each piece of text that can be seen.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./programs.mjs";
import { need } from "./report.mjs";

const table = (name) => JSON.parse(readFileSync(join(root, `agent/web/ui/kit/${name}.json`), "utf8"));
const en = table("en"), ru = table("ru");
// English texts of two or more letters that read otherwise in Russian; those with values are looked for by their fixed beginning.
const english = new Map(Object.entries(en).filter(([key, text]) => text !== ru[key] && /[a-z]{2}/i.test(text) && !text.includes("{")).map(([key, text]) => [text, key]));

function seenTexts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (text !== "" && !parent.closest("script, .languages, pre") && parent.checkVisibility()) texts.push(text);
  }
  for (const element of document.querySelectorAll("[aria-label]")) texts.push(element.getAttribute("aria-label"));
  return texts;
}

export async function russian(page, where) {
  const texts = await page.evaluate(seenTexts);
  need(texts.some((text) => /[а-яё]{3}/i.test(text)), `${where}: no Russian word`);
  const keys = texts.filter((text) => text in en && text.includes("."));
  need(keys.length === 0, `${where}: keys shown: ${keys.join(", ")}`);
  const holes = texts.filter((text) => /\{\w+\}/.test(text) && !text.includes('"'));
  need(holes.length === 0, `${where}: values missing: ${holes.join(", ")}`);
  const left = texts.filter((text) => english.has(text));
  need(left.length === 0, `${where}: English left: ${[...new Set(left)].join(", ")}`);
  if (process.env.HF_E2E_LATIN) console.log(where, [...new Set(texts.filter((text) => /[a-z]{3}/i.test(text) && !/[а-яё]/i.test(text)))].join(" | "));
}
