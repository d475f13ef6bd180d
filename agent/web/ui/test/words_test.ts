import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../kit/en.json";
import { plural, textIn } from "../kit/i18n";
import type { Key } from "../kit/i18n";
import ru from "../kit/ru.json";

const keys = Object.keys(en) as Key[];

test("every string is there in both languages", () => {
  assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
  for (const key of keys) assert.ok(en[key].trim() !== "" && ru[key].trim() !== "", key);
});

test("both languages name the same values", () => {
  const values = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]!))].sort();
  for (const key of keys) assert.deepEqual(values(ru[key]), values(en[key]), key);
});

test("a Russian text with a count has three forms, an English one two", () => {
  for (const key of keys) {
    const forms = ru[key].split("|").length;
    assert.ok(forms === 1 || forms === 3, `${key}: ${forms} forms`);
    assert.equal(en[key].split("|").length > 1, forms > 1, key);
  }
});

test("the Russian form goes with the number", () => {
  const forms = "абонент|абонента|абонентов";
  assert.deepEqual([1, 2, 5, 11, 21, 22, 25, 111].map((n) => plural(forms, n, "ru")),
    ["абонент", "абонента", "абонентов", "абонентов", "абонент", "абонента", "абонентов", "абонентов"]);
});

test("values are put in, numbers in the language's own way", () => {
  assert.equal(textIn("en", "waits.now", { n: 1234 }), "last hour (1,234 calls)");
  assert.equal(textIn("ru", "waits.now", { n: 21 }), "последний час (21 звонок)");
});
