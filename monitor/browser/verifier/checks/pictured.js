/** Pictures' lines, sealed files and captures: each named by what is proven (docs/FORMAT.md, 3 and 4.8). */

import { digestOf, instant, text } from "../proof/bytes.js";
import { canonicalObject, isCount, isObject, NotCanonical } from "../proof/canonical.js";
import { digestsIn } from "./observed.js";
import { leads, spelt } from "./planned.js";

/** @typedef {import("../proof/folder.js").Folder} Folder @typedef {import("./report.js").Report} Report */
/** @typedef {import("./observed.js").Records} Records @typedef {import("./sweeps.js").ReadSweep} ReadSweep */

const FILE = "shots.jsonl";
const CAPTURE = /^captures\/(\d{4}-\d\d-\d\d)\/([A-Za-z0-9-]+)\/(?:SIMULATION-)?([0-9a-f]{64})\.[a-z]+$/;
const SEALED = /^sealed\/([0-9a-f]{64})\.jsonl?$/;

/** The lines of pictures; what they name is named from then on. Returns the digests of pictures.
 * @param {Folder} folder @param {Map<number, ReadSweep>} sweeps @param {Records} records @param {Report} report */
export async function shots(folder, sweeps, records, report) {
  /** @type {Set<string>} */
  const pictures = new Set();
  let at = 0;
  for await (const { line } of folder.lines(FILE)) {
    const where = `${FILE}:${++at}`;
    try {
      const told = canonicalObject(line);
      const sweep = isCount(told.sweep) ? sweeps.get(told.sweep) : undefined;
      const { shot } = told;
      if (!isObject(shot)) throw new NotCanonical("not a line of a picture");
      const proven = sweep && (sweep.version === 1
        ? await inWhole(folder, sweep, told.from, spelt(shot))
        : leads(sweep.tree("shots"), told.from, [shot], told.nodes));
      if (!proven) report.fail("inclusion", where);
      const place = isCount(shot.seq) ? records.places.get(shot.seq) : undefined;
      for (const digest of digestsIn(spelt(shot))) {
        if (place && !records.named.has(digest)) records.named.set(digest, place);
      }
      if (typeof shot.png_sha256 === "string") pictures.add(shot.png_sha256);
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      report.fail("canonical", where, error.message);
    }
  }
  return pictures;
}

/** Whether a line stands in the whole file of a sweep of version 1. @param {Folder} folder @param {ReadSweep} sweep
 * @param {import("../proof/canonical.js").Json | undefined} from @param {string} line */
async function inWhole(folder, sweep, from, line) {
  const digest = sweep.sums.get("shots.jsonl");
  const name = `sealed/${digest}.jsonl`;
  if (!digest || !isCount(from) || !folder.files.has(name)) return false;
  const bytes = await folder.bytes(name);
  return digestOf(bytes) === digest && text(bytes).split("\n")[from] === line;
}

/** @param {Map<string, string>} found digest of each file @param {ReadSweep[]} sweeps @param {Report} report */
export function sealed(found, sweeps, report) {
  const told = new Set(sweeps.flatMap(({ sums }) => ["env.json", "shots.jsonl"].map((name) => sums.get(name))));
  for (const [name, digest] of found) {
    if (!name.startsWith("sealed/")) continue;
    const match = SEALED.exec(name);
    if (match?.[1] !== digest || !told.has(digest)) report.fail("file", name);
  }
}

/** @param {Map<string, string>} found digest of each file @param {Records} records @param {Set<string>} pictures @param {Report} report */
export function captures(found, records, pictures, report) {
  const enclosed = new Set();
  for (const [name, digest] of found) {
    if (!name.startsWith("captures/")) continue;
    const match = CAPTURE.exec(name);
    const place = records.named.get(digest);
    const [, day, desk, told] = match ?? [];
    if (told !== digest || !place || place.day !== day || place.check.replaceAll("/", "-") !== desk) report.fail("capture", name);
    else enclosed.add(digest);
  }
  const named = new Set([...records.pages, ...pictures]);
  const missing = [...named].filter((digest) => !enclosed.has(digest)).length;
  if (named.size) report.note("captures", named.size - missing, missing);
}

/** Whether a text is an instant as this format spells it. @param {string | undefined} spelling */
export const isInstant = (spelling) => instant(spelling) !== null;
