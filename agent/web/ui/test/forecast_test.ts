import assert from "node:assert/strict";
import { test } from "node:test";
import { setLanguage } from "../kit/i18n";
import { chanceWords } from "../src/pages/forecast";

test("a chance reads the same on every day, in both languages", () => {
  setLanguage("en");
  assert.deepEqual([0, 0.09, 0.1, 0.32, 0.33, 0.66, 0.7, 0.9, 1].map(chanceWords),
    ["very unlikely", "very unlikely", "unlikely", "unlikely", "as likely as not", "as likely as not", "likely", "very likely", "very likely"]);
  setLanguage("ru");
  assert.equal(chanceWords(0.95), "очень вероятно");
});
