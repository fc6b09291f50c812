/** A page's script and style from its sources: bundled, small, the same bytes from the same sources and lock file. */

import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

/** @param {string} entry absolute */
export async function bundled(entry) {
  const options = { bundle: true, minify: true, write: false, legalComments: "none", charset: "utf8", logLevel: "warning" };
  const more = { format: "iife", target: ["es2022"], metafile: true, absWorkingDir: MODULES };
  const { outputFiles, metafile } = await build({ ...options, ...more, entryPoints: [entry] });
  return { text: outputFiles[0].text.trim(), inputs: Object.keys(metafile.inputs) };
}

/** A script under the licence of every package that went into it, as each asks. @param {string} entry */
export async function licensed(entry) {
  const { text, inputs } = await bundled(entry);
  const names = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const texts = await Promise.all([...new Set(names)].sort().map(async (name) => {
    const { version, license } = JSON.parse(await readFile(`${MODULES}/node_modules/${name}/package.json`, "utf8"));
    return `${name} ${version} (${license})\n\n${(await readFile(`${MODULES}/node_modules/${name}/LICENSE`, "utf8")).trim()}\n`;
  }));
  const licences = ["Vigie Préfectures, EUPL-1.2. With:\n", ...texts].join("\n").replaceAll("\r", "");
  return `/*\n${licences}*/\n${text.replaceAll("</script", "<\\/script")}`;
}
