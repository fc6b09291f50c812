/** The signature over the folder's sums, and checkpoints that were kept elsewhere (docs/FORMAT.md, 4.2 and 4.11). */

import { digestOf } from "../proof/bytes.js";
import { canonicalObject, NotCanonical } from "../proof/canonical.js";
import { cosigned, cosignerKey, parseHead, parseNote, signer } from "../proof/notes.js";
import { isInstant } from "./pictured.js";

/** @typedef {import("../proof/folder.js").Folder} Folder @typedef {import("./report.js").Report} Report */
/** @typedef {import("./sweeps.js").Walk} Walk */

const SIGNED = "SHA256SUMS.signed";
const WITH = /^with [0-9a-f]{64} \S.*$/;
const MADE = /^vigie export (\d+)$/;

/** @param {Folder} folder @param {Walk} walk @param {Report} report */
export async function signed(folder, walk, report) {
  if (!folder.files.has(SIGNED)) return report.reserve("signed", SIGNED);
  if (!walk.signer) return; // told as `key` or `checkpoint`
  try {
    const note = parseNote(await folder.text(SIGNED));
    const [title, origin, made, sums, ...more] = note.text.split("\n");
    const version = Number(MADE.exec(title)?.[1]);
    if (more.pop() !== "" || !(version >= 2)) throw new Error("not the note of an export");
    if (version > 2) report.reserve("format", SIGNED, title);
    else if (!isInstant(made) || !more.every((line) => WITH.test(line))) throw new Error("not the note of an export");
    if (sums !== `sums ${digestOf(await folder.bytes("SHA256SUMS"))}`) throw new Error("other sums");
    if (origin !== walk.signer.name || !(await signer(note, [walk.signer]))) throw new Error("another key");
    for (const line of more) report.note("with", line.slice(5, 69), line.slice(70));
  } catch (error) {
    report.fail("signed", SIGNED, error instanceof Error ? error.message : String(error));
  }
}

/** @param {Folder} folder @param {{ name: string, source: string } | null} given @param {Walk} walk @param {Report} report */
export async function witnesses(folder, given, walk, report) {
  if (given) await witness(given.source, given.name, walk, report);
  /** @type {Map<string, number[]>} */
  const times = new Map();
  let at = 0;
  for await (const { line } of folder.lines("witness.jsonl")) {
    const where = `witness.jsonl:${++at}`;
    try {
      const { key, seconds } = await cosignedLine(canonicalObject(line), walk);
      times.set(key, [...(times.get(key) ?? []), seconds]);
    } catch (error) {
      report.fail(error instanceof NotCanonical ? "canonical" : "witness", where, error instanceof Error ? error.message : "");
    }
  }
  for (const [key, seconds] of [...times].sort()) {
    const [first, last] = [Math.min(...seconds), Math.max(...seconds)].map((one) => `${new Date(one * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`);
    report.note("cosigned", key, seconds.length, first, last);
  }
}

/** The checkpoint of its sweep, cosigned by the key the line gives. Throws Error. @param {Record<string, unknown>} told @param {Walk} walk */
async function cosignedLine({ key: named, note: source, sweep: number }, { sweeps, trust }) {
  if (typeof named !== "string" || typeof source !== "string") throw new Error("not a line of a witness");
  const key = cosignerKey(named);
  const note = parseNote(source);
  const head = parseHead(note.text);
  const own = sweeps.find((one) => one.number === number)?.head;
  if (!own || own.origin !== head.origin || own.size !== head.size || own.root !== head.root) throw new Error("not the checkpoint of its sweep");
  if (!(await signer(note, trust.logKeys(head.origin)))) throw new Error("not signed by the log");
  const seconds = await cosigned(note, key);
  if (seconds === null) throw new Error("not cosigned by that key");
  return { key: named, seconds };
}

/** @param {string} source @param {string} where @param {Walk} walk @param {Report} report */
async function witness(source, where, { sweeps, trust }, report) {
  let note, head;
  try {
    note = parseNote(source);
    head = parseHead(note.text);
  } catch (error) {
    return report.fail("witness", where, String(error));
  }
  if (!(await signer(note, trust.logKeys(head.origin)))) return report.fail("witness", where, "signature");
  const heads = sweeps.flatMap(({ head: one }) => (one ? [one] : []));
  const sizes = heads.map(({ size }) => size);
  if (head.size < Math.min(...sizes)) report.reserve("witness", where, String(head.size));
  else if (!heads.some(({ size, root }) => size === head.size && root === head.root)) report.fail("witness", where, String(head.size));
}
