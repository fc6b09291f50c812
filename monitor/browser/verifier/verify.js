/**
 * Verifies an export of format 2: what `vigie verify` and verify.sh do, in a browser, without a network.
 * The order follows docs/FORMAT.md, section 4; the last line and the set of (code, É or R) are the same in all three.
 */

import { bounded, open } from "./checks/bounded.js";
import { listing } from "./checks/listing.js";
import { dated, Records } from "./checks/observed.js";
import { captures, sealed, shots } from "./checks/pictured.js";
import { Plan } from "./checks/planned.js";
import { presented } from "./checks/presented.js";
import { Report } from "./checks/report.js";
import { Stamps } from "./checks/stamped.js";
import { Walk } from "./checks/sweeps.js";
import { Trust } from "./checks/trust.js";
import { signed, witnesses } from "./checks/vouched.js";
import { Folder, unzipped, Unusable } from "./proof/folder.js";
import { ed25519 } from "./proof/notes.js";
import { fingerprint } from "./proof/stamps.js";

/** @typedef {import("./checks/report.js").Result} Result */
/** @typedef {{ witness: { name: string, source: string } | null }} Options */

/**
 * @param {import("./proof/folder.js").Given[]} given @param {Options} options
 * @param {import("./checks/report.js").Progress} progress @returns {Promise<Result>}
 */
export async function verify(given, options, progress) {
  const report = new Report();
  try {
    if (!globalThis.crypto?.subtle || typeof DecompressionStream === "undefined") throw new Unusable("browser");
    const [only] = given;
    const files = given.length === 1 && only.name.endsWith(".zip") ? await unzipped(only.file) : given;
    return await checked(readable(new Folder(files)), options, progress, report);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const impossible = { code: error.code, detail: error.detail };
    return { impossible, ...report, bounds: [], sweeps: 0, records: 0, stamps: { all: 0, verified: 0 } };
  }
}

/** The folder, where it is one of format 2. Throws Unusable. @param {Folder} folder */
function readable(folder) {
  if (folder.standing("sweeps.jsonl")) return folder;
  if (folder.files.has("proofs.txt") && folder.files.has("records.jsonl")) throw new Unusable("version1");
  if (!folder.files.has("SHA256SUMS")) throw new Unusable(folder.files.size ? "no_export" : "empty");
  return folder;
}

/**
 * @param {Folder} folder @param {Options} options @param {import("./checks/report.js").Progress} progress
 * @param {Report} report @returns {Promise<Result>}
 */
async function checked(folder, options, progress, report) {
  const found = await listing(folder, report, progress);
  const trust = await Trust.from(folder);
  const walk = new Walk(trust, report);
  await walk.read(folder, progress);
  const before = beforeFirst(walk);
  await signed(folder, walk, report);
  const stamps = new Stamps(trust, report);
  await stamps.read(folder, progress);
  await stamps.verify(walk.stampable, walk.unread, progress);
  const bounds = bounded(walk.sweeps, stamps, before, report);
  const byNumber = new Map(bounds.map((one) => [one.number, one]));
  const plan = new Plan(walk.sweeps, report);
  await plan.read(folder, progress);
  const records = new Records(plan, byNumber, report);
  records.misdated = dated(walk.sweeps, byNumber, report);
  await records.read(folder, progress);
  open(walk.sweeps, bounds, stamps, report);
  const pictures = await shots(folder, plan.sweeps, records, report);
  sealed(found, walk.sweeps, report);
  captures(found, records, pictures, report);
  if (records.unreadable) report.note("not_compared");
  else await presented(folder, records.shown, report);
  await witnesses(folder, options.witness, walk, report);
  await told(stamps, trust, report);
  return {
    impossible: null, findings: report.findings, notes: report.notes, declared: report.declared, bounds,
    sweeps: walk.sweeps.length, records: records.proven,
    stamps: { all: stamps.all.length, verified: stamps.count },
  };
}

/** Number of the sweep before the first, where its sums are enclosed. @param {Walk} walk */
function beforeFirst({ sweeps, stampable }) {
  const numbers = new Set(sweeps.map(({ number }) => number));
  return [...stampable.keys()].find((number) => !numbers.has(number)) ?? null;
}

/** What a reader compares with what is published. @param {Stamps} stamps @param {Trust} trust @param {Report} report */
async function told(stamps, trust, report) {
  for (const [name, { roots }] of trust.authorities) {
    for (const root of roots) {
      const digest = await fingerprint(root);
      report.note("root", name, subject(root), digest, stamps.roots.get(`${name} ${digest}`) ?? 0);
    }
  }
  for (const [stated, count] of stamps.stated) {
    const [name, policy, accuracy, qualified] = stated.split(" ");
    report.note(qualified === "true" ? "stated_qualified" : "stated", name, count, policy, Number(accuracy) / 1e6);
  }
  for (const { name, digest } of trust.printedKeys()) report.note("log_key", name, digest);
  report.note("ed25519", await ed25519());
}

/** @param {import("pkijs").Certificate} certificate */
function subject({ subject: { typesAndValues } }) {
  return typesAndValues.map(({ value }) => String(value.valueBlock.value)).join(", ");
}
