// Bundles the two pages and writes them, compressed, as C++. In: src/, kit/. Out (in the folder given as argument): page_assets.cpp, hq_assets.cpp,
// and the plain files under page/ and hq/ for a look. Nothing is fetched; the same sources give the same bytes.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const kTypes = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };

// Russian words without their names, which stand in the English table already, in the same order: a tenth of the page.
const nameless = {
  name: "nameless words",
  setup: (built) => built.onLoad({ filter: /kit\/ru\.json$/ }, ({ path }) => {
    const read = (file) => JSON.parse(readFileSync(file, "utf8")), names = Object.keys(read(join(dirname(path), "en.json"))), words = read(path);
    const contents = `import en from "./en.json";\nconst words = ${JSON.stringify(names.map((name) => words[name]))};\nexport default Object.fromEntries(Object.keys(en).map((name, i) => [name, words[i]]));\n`;
    return { contents, loader: "js", resolveDir: dirname(path) };
  }),
};

async function bundle(entry, folder) {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(here, "src", entry)], bundle: true, minify: true, format: "iife", target: "es2020", outfile: join(folder, "page.js"),
    jsx: "automatic", jsxImportSource: "preact", loader: { ".svg": "dataurl" }, charset: "utf8", legalComments: "none", logLevel: "warning", plugins: [nameless],
  });
  for (const name of ["index.html", "icon.svg"]) writeFileSync(join(folder, name), readFileSync(join(here, "src", name)));
  return readdirSync(folder).filter((name) => /\.(html|js|css|svg)$/.test(name)).sort();
}

// One file as a C++ array and its row in the table.
function embed(folder, name, index) {
  const bytes = gzipSync(readFileSync(join(folder, name)), { level: 9 });
  bytes[9] = 3; // the gzip header's operating system, so that every machine writes the same
  const etag = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const type = kTypes[name.slice(name.lastIndexOf("."))];
  return {
    size: bytes.length,
    array: `constexpr unsigned char kBytes${index}[] = {${[...bytes].join(",")}};\n`,
    row: `  {"/${name}", "${type}", {reinterpret_cast<const char*>(kBytes${index}), sizeof kBytes${index}}, "\\"${etag}\\""},\n`,
  };
}

function source(parts, symbol) {
  return `#include "agent/web/ui/page_assets.hpp"\n\nnamespace hf::web::ui {\n\nnamespace {\n\n${parts.map((p) => p.array).join("")}\n` +
    `const http::Asset kAssets[] = {  // NOLINT\n${parts.map((p) => p.row).join("")}};\n\n}  // namespace\n\n` +
    `std::span<const http::Asset> ${symbol}() { return kAssets; }\n\n}  // namespace hf::web::ui\n`;
}

for (const [entry, folder, symbol] of [["page.tsx", "page", "page_assets"], ["hq.tsx", "hq", "hq_assets"]]) {
  const names = await bundle(entry, join(out, folder));
  const parts = names.map((name, index) => embed(join(out, folder), name, index));
  writeFileSync(join(out, `${symbol}.cpp`), source(parts, symbol));
  console.log(`${folder}: ${parts.reduce((sum, part) => sum + part.size, 0)} bytes compressed`);
}
