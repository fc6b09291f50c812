/** The folder against its own list, and the closed list of names (docs/FORMAT.md, 3 and 4.1). */

import { isLitter } from "../proof/folder.js";
import { parseSums } from "../proof/sums.js";

/** @typedef {import("../proof/folder.js").Folder} Folder @typedef {import("./report.js").Report} Report */

const SUMS = "SHA256SUMS";
const SIGNED = "SHA256SUMS.signed";
const PEM = "[0-9a-z-]+\\.[0-9a-z]{16}\\.pem";
const NAMES = [
  /^(?:SIMULATION-)?(?:LISEZ-MOI\.txt|releve\.pdf|observations\.csv)$/,
  /^(?:SIMULATION\.txt|figures\.json|scope\.txt|verify\.sh|verifier\.html)$/,
  /^(?:sweeps|stamps|plan|records|log|shots|witness|deposits)\.jsonl(?:\.gz)?$/,
  new RegExp(`^trust/(?:roots|untrusted|crls|log)/${PEM}$`),
];
// What stands in these two is held against what names it: `file` and `capture` say more than `extra`.
const HELD_ELSEWHERE = /^(?:captures|sealed)\//;

/**
 * Digest of every file, as it stands.
 * @param {Folder} folder @param {Report} report @param {import("./report.js").Progress} progress
 * @returns {Promise<Map<string, string>>}
 */
export async function listing(folder, report, progress) {
  const names = folder.names();
  const bytes = names.reduce((sum, name) => sum + folder.blob(name).size, 0);
  let read = 0;
  /** @type {Map<string, string>} */
  const found = new Map();
  const sums = await listed(folder, report);
  for (const name of names) {
    if (name === SUMS || name === SIGNED) continue;
    const told = await folder.digest(name, async (size) => progress("sums", (read += size), bytes));
    found.set(name, told);
    if (!sums) continue;
    if (!sums.has(name)) report.fail("unlisted", name);
    else if (sums.get(name) !== told) report.fail("file", name);
    else if (!known(name) || (name.endsWith(".gz") && folder.files.has(name.slice(0, -3)))) report.reserve("extra", name);
  }
  for (const name of sums?.keys() ?? []) {
    if (isLitter(name)) report.reserve("extra", name);
    else if (!folder.files.has(name)) report.fail("file", name);
  }
  for (const name of folder.litter) report.note("litter", name);
  return found;
}

/** @param {string} name */
const known = (name) => HELD_ELSEWHERE.test(name) || NAMES.some((one) => one.test(name));

/** @param {Folder} folder @param {Report} report */
async function listed(folder, report) {
  try {
    return parseSums(await folder.text(SUMS));
  } catch {
    report.fail("sums", SUMS);
    return null;
  }
}
