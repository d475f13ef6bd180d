import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswer } from "../kit/api";
import { bytes, callerMinutes, duration, share } from "../kit/format";
import { setLanguage } from "../kit/i18n";
import { coarse } from "../src/pages/waits_bins";

setLanguage("en");

test("what is not known reads unknown, never 0", () => {
  assert.equal(duration(null), "unknown");
  assert.equal(callerMinutes(null), "unknown");
  assert.equal(bytes(null), "unknown");
  assert.equal(share(null), "no calls");
});

test("durations are told in two units", () => {
  assert.equal(duration(59.6), "1 min 00 s");
  assert.equal(duration(900), "15 min 00 s");
  assert.equal(duration(3661), "1 h 01 min");
});

test("99.6 % is not rounded up to all", () => {
  assert.equal(share(0.996), "99.6%");
  assert.equal(share(1), "100%");
});

test("fine bins are summed into the shown ones without losing a call", () => {
  const edges = Array.from({ length: 96 }, (_, i) => (i < 60 ? i : Math.round(60 * 1.1 ** (i - 60))));
  const sums = coarse(edges.map(() => 1), edges);
  assert.equal(sums.reduce((a, b) => a + b, 0), 96);
  assert.equal(sums[0], 10);
});

test("an answer that is no JSON is an error that can be shown", async () => {
  const answer = await readAnswer(new Response("<html>", { status: 502 }));
  assert.equal(answer.ok === false && answer.error.kind, "unavailable");
});

test("the field that is wrong is kept", async () => {
  const answer = await readAnswer(new Response('{"error":{"kind":"invalid_input","message":"too long","field":"lines[2].label"}}', { status: 400 }));
  assert.equal(answer.ok === false && answer.error.field, "lines[2].label");
});
