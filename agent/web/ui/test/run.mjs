// npm test: types, bundle, unit tests. Prints the counts as the C++ programs do.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), root = dirname(here);
const out = mkdtempSync(join(tmpdir(), "holdfast-page-"));
let passed = 0, failed = 0;
const tell = (good, what) => {
  if (good) passed++;
  else failed++;
  console.log(`${good ? "good" : "BAD "} ${what}`);
};
const run = (program, args) => spawnSync(program, args, { cwd: root, encoding: "utf8" });

const types = run(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"]);
if (types.status !== 0) console.log(types.stdout);
tell(types.status === 0, "types");

// JSON takes the last of two words with one name, and says nothing.
for (const language of ["en", "ru"]) {
  const names = [...readFileSync(join(root, "kit", `${language}.json`), "utf8").matchAll(/^ "([^"]+)":/gm)].map((m) => m[1]);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  tell(twice.length === 0, `every word of ${language} stands once ${twice.join(" ")}`);
}

const bundle = run(process.execPath, ["build.mjs", out]);
console.log(bundle.stdout, bundle.stderr);
tell(bundle.status === 0, "bundle");
for (const [, name, size] of bundle.stdout.matchAll(/^(\w+): (\d+) bytes/gm)) tell(Number(size) <= 120_000, `${name} is ${size} bytes, at most 120,000`);

const again = run(process.execPath, ["build.mjs", join(out, "again")]);
tell(again.status === 0 && readFileSync(join(out, "page_assets.cpp"), "utf8") === readFileSync(join(out, "again", "page_assets.cpp"), "utf8"), "the same sources give the same bytes");

const tests = readdirSync(here).filter((name) => name.endsWith("_test.ts"));
await build({ entryPoints: tests.map((name) => join(here, name)), outdir: join(out, "tests"), bundle: true, platform: "node", format: "cjs", jsx: "automatic", jsxImportSource: "preact", outExtension: { ".js": ".cjs" }, loader: { ".css": "empty" }, logLevel: "warning" });
for (const name of tests) {
  const result = run(process.execPath, ["--test-reporter=tap", join(out, "tests", name.replace(".ts", ".cjs"))]);
  console.log(result.stdout, result.stderr);
  const good = Number(/^# pass (\d+)/m.exec(result.stdout)?.[1] ?? 0), bad = Number(/^# fail (\d+)/m.exec(result.stdout)?.[1] ?? 0);
  passed += good;
  failed += bad + (result.status !== 0 && bad === 0 ? 1 : 0);
}
rmSync(out, { recursive: true, force: true });
console.log(`[  PASSED  ] ${passed} tests.`);
if (failed > 0) console.log(`[  FAILED  ] ${failed} tests.`);
process.exit(failed > 0 ? 1 : 0);
