// What was found, a line each, and the counts at the end as the C++ programs print them.
let passed = 0, failed = 0;
const begun = Date.now();

export function tell(good, what, detail = "") {
  if (good) passed++;
  else failed++;
  const at = `${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s`;
  console.log(`${good ? "good" : "BAD "} ${at}  ${what}${good || detail === "" ? "" : `\n            ${detail}`}`);
  return good;
}

// Runs one step of the story. What it throws is its failure; later steps go on.
export async function step(what, run) {
  try {
    await run();
    return tell(true, what);
  } catch (error) {
    return tell(false, what, String(error?.message ?? error).split("\n").slice(0, 12).join("\n            "));
  }
}

export function need(good, what) {
  if (!good) throw new Error(what);
}

export function finish() {
  console.log(`[  PASSED  ] ${passed} tests.`);
  if (failed > 0) console.log(`[  FAILED  ] ${failed} tests.`);
  return failed > 0 ? 1 : 0;
}
