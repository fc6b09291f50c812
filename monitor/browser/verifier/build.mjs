/**
 * Writes monitor/data/verifier.html: one page, its script and style inside, allowed by their hashes and nothing else.
 * The same sources and lock file give the same bytes. `--check` writes nothing and exits 1 where the page differs.
 */

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundled, licensed } from "../bundle.mjs";

const OUT = fileURLToPath(new URL("../../data/verifier.html", import.meta.url));
const LARGEST = 700_000;

/** @param {string} path */
const source = (path) => fileURLToPath(new URL(path, import.meta.url));

/** @param {string} text */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const js = await licensed(source("page/main.js"));
const css = (await bundled(source("page/page.css"))).text;
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
