/**
 * Writes monitor/data/carnet: the diary's script, style and service worker, which `vigie site` puts into a page with the
 * words of each language. `--check` writes nothing and exits 1 where one differs.
 */

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundled, licensed } from "../bundle.mjs";

/** @param {string} path */
const source = (path) => fileURLToPath(new URL(path, import.meta.url));

const made = {
  "carnet.js": await licensed(source("carnet.js")),
  "carnet.css": (await bundled(source("carnet.css"))).text,
  "sw.js": await readFile(source("sw.js"), "utf8"),
};
for (const [name, text] of Object.entries(made)) {
  const out = source(`../../data/carnet/${name}`);
  if (process.argv.includes("--check")) {
    const there = await readFile(out, "utf8").catch(() => "");
    if (there !== text) throw new Error(`monitor/data/carnet/${name} is not what its sources give: run make verifier`);
  } else {
    await writeFile(out, text);
    console.log(`carnet/${name}: ${Buffer.byteLength(text)} bytes`);
  }
}
