/**
 * Writes monitor/data/verifier.html: one page, its script and style inside, allowed by their hashes and nothing else.
 * The same sources and lock file give the same bytes. `--check` writes nothing and exits 1 where the page differs.
 */

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const OUT = fileURLToPath(new URL("../../data/verifier.html", import.meta.url));
const MODULES = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const LARGEST = 700_000;

/** @param {string} path */
const source = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @param {string} entry */
async function bundled(entry) {
  const options = { bundle: true, minify: true, write: false, legalComments: "none", charset: "utf8", logLevel: "warning" };
  const more = { format: "iife", target: ["es2022"], metafile: true, absWorkingDir: MODULES };
  const { outputFiles, metafile } = await build({ ...options, ...more, entryPoints: [source(entry)] });
  return { text: outputFiles[0].text.trim(), inputs: Object.keys(metafile.inputs) };
}

/** The licence of every package that went into the script, as each asks. @param {string[]} inputs */
async function licences(inputs) {
  const names = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const texts = await Promise.all([...new Set(names)].sort().map(async (name) => {
    const { version, license } = JSON.parse(await readFile(`${MODULES}/node_modules/${name}/package.json`, "utf8"));
    return `${name} ${version} (${license})\n\n${(await readFile(`${MODULES}/node_modules/${name}/LICENSE`, "utf8")).trim()}\n`;
  }));
  return ["Vigie Préfectures, EUPL-1.2. With:\n", ...texts].join("\n").replaceAll("\r", "");
}

/** @param {string} text */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const script = await bundled("page/main.js");
const js = `/*\n${await licences(script.inputs)}*/\n${script.text.replaceAll("</script", "<\\/script")}`;
const css = (await bundled("page/page.css")).text;
const csp = [
  "default-src 'none'", `script-src ${hash(js)}`, `style-src ${hash(css)}`, "worker-src blob:",
  "base-uri 'none'", "form-action 'none'",
].join("; ");
const values = { js, css, csp };
const page = (await readFile(source("page/page.html"), "utf8")).replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
const size = Buffer.byteLength(page);
if (size >= LARGEST) throw new Error(`verifier.html: ${size} bytes, of ${LARGEST} at most`);
if (process.argv.includes("--check")) {
  const there = await readFile(OUT, "utf8").catch(() => "");
  if (there !== page) throw new Error("monitor/data/verifier.html is not what its sources give: run make verifier");
} else {
  await writeFile(OUT, page);
  console.log(`verifier.html: ${size} bytes`);
}
