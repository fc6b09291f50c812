/** The sweeps, one after the other: sums, numbers, chain, checkpoints (docs/FORMAT.md, 4.3 and 4.4). */

import { DIGEST, digestOf, instant, utf8 } from "../proof/bytes.js";
import { canonicalParts, isCount, isObject, NotCanonical, objects } from "../proof/canonical.js";
import { parseHead, parseNote, signer } from "../proof/notes.js";
import { parseSums } from "../proof/sums.js";
import { sweepName } from "./report.js";

/** @typedef {import("../proof/canonical.js").JsonObject} JsonObject @typedef {import("./report.js").Report} Report */
/** @typedef {import("../proof/notes.js").NoteKey} NoteKey @typedef {import("../proof/notes.js").Head} Head */
/** @typedef {{ root: string, size: number }} Tree */

const FILE = "sweeps.jsonl";
const REQUIRED = ["records.jsonl", "sweep.json", "env.json", "seal.json", "checkpoint"];
const ENCLOSED = /^previous\.([a-z0-9-]+)\.tsr$/;
const PREVIOUS = "previous.SHA256SUMS";
const SEALED_SWEEP = /^sweep ([0-9]{9}) ([0-9a-f]{64})$/;
const NEWEST = 2;

/** What a line of sweeps.jsonl says of one sweep. sums: by name. read: whether its facts could be read at all. */
export class ReadSweep {
  /** @param {Map<string, string>} parts @param {JsonObject} value */
  constructor(parts, value) {
    this.sumsText = typeof value.sums === "string" ? value.sums : "";
    this.noteText = typeof value.checkpoint === "string" ? value.checkpoint : "";
    this.seal = isObject(value.seal) ? value.seal : {};
    this.facts = /** @type {JsonObject} */ (value.sweep);
    this.bytes = { "seal.json": parts.get("seal") ?? "", "sweep.json": parts.get("sweep") ?? "", checkpoint: this.noteText };
    this.number = Number(this.facts.sweep);
    this.version = this.facts.v === 1 ? 1 : NEWEST;
    this.started = instant(this.facts.started);
    this.finished = instant(this.facts.finished);
    this.first = Number(this.seal.first);
    this.size = Number(this.seal.size);
    this.declared = objects(this.seal.declared);
    /** @type {Map<string, string>} */
    this.sums = new Map();
    /** The checkpoint, where it is worth something. @type {Head | null} */
    this.head = null;
    /** The sums before it, from which its visits are named. @type {string | null} */
    this.anchor = null;
    this.read = false;
    /** Whether the stamps over its number are over it: not where it stands out of order, or a second time. */
    this.stampable = false;
  }

  /** Whether every fact that the checks rest on is there. */
  get whole() {
    const { facts, seal } = this;
    const counts = [facts.v, seal.first, seal.size].every(isCount);
    const declared = Array.isArray(seal.declared) && seal.declared.every(isObject);
    const rows = Array.isArray(facts.checks) && objects(facts.checks).every(({ check, seq }) =>
      seq === undefined || (isCount(seq) && typeof check === "string"));
    const due = facts.v === 1 ? rows : this.tree("plan") !== null && (!("shots" in facts) || this.tree("shots") !== null);
    return counts && declared && due && this.started !== null && this.finished !== null;
  }

  get name() {
    return sweepName(this.number);
  }

  /** @param {"plan" | "shots"} name @returns {Tree | null} */
  tree(name) {
    const told = this.facts[name];
    if (!isObject(told) || !isCount(told.size) || typeof told.root !== "string" || !DIGEST.test(told.root)) return null;
    return { root: told.root, size: told.size };
  }

  /** Digest of the stamp over the sweep before, by authority. @returns {Map<string, string>} */
  get enclosed() {
    return new Map([...this.sums].flatMap(([name, told]) => {
      const match = ENCLOSED.exec(name);
      return match ? [[match[1], told]] : [];
    }));
  }
}

/** What stands before a sweep: the sweep before it, or only its number and sums. */
/** @typedef {{ number: number, sumsText: string, size: number | null }} Before */

export class Walk {
  /** @param {import("./trust.js").Trust} trust @param {Report} report */
  constructor(trust, report) {
    this.trust = trust;
    this.report = report;
    /** @type {ReadSweep[]} */
    this.sweeps = [];
    /** @type {Before | null} */
    this.before = null;
    /** The sums of every sweep that a stamp may be over. @type {Map<number, Uint8Array<ArrayBuffer>>} */
    this.stampable = new Map();
    /** @type {string | null} */
    this.origin = null;
    /** @type {NoteKey | null} */
    this.expected = null;
    /** The key that signed the last checkpoint. @type {NoteKey | null} */
    this.signer = null;
    this.newest = 1;
    this.highest = -1;
    /** Numbers of sweeps of which nothing more is said. @type {Set<number>} */
    this.unread = new Set();
  }

  /** @param {import("../proof/folder.js").Folder} folder @param {import("./report.js").Progress} progress */
  async read(folder, progress) {
    if (!folder.standing(FILE)) this.report.fail("file", FILE);
    let at = 0;
    for await (const { line, cut } of folder.lines(FILE)) {
      at++;
      await progress("sweeps", at, 0);
      try {
        if (cut) throw new NotCanonical("no line end");
        await this.line(line, at);
      } catch (error) {
        if (!(error instanceof NotCanonical)) throw error;
        this.report.fail("canonical", `${FILE}:${at}`, error.message);
      }
    }
  }

  /** @param {Uint8Array} line @param {number} at */
  async line(line, at) {
    const { value, parts } = canonicalParts(line);
    if (at === 1 && isCount(value.before) && typeof value.sums === "string") {
      this.before = { number: value.before, sumsText: value.sums, size: null };
      this.stampable.set(value.before, utf8(value.sums));
      return;
    }
    const complete = ["checkpoint", "seal", "sums", "sweep"].every((name) => name in value);
    if (!complete || !isObject(value.sweep) || !isCount(value.sweep.sweep)) return this.report.fail("sums", `${FILE}:${at}`);
    const sweep = new ReadSweep(parts, value);
    sweep.read = this.listed(sweep) && this.stated(sweep, value);
    if (sweep.read) {
      this.files(sweep);
      this.follows(sweep);
      this.chained(sweep);
      await this.checkpoint(sweep);
      this.declarations(sweep);
      sweep.stampable = sweep.number > this.highest;
      if (sweep.stampable) this.stampable.set(sweep.number, utf8(sweep.sumsText));
    } else this.unread.add(sweep.number);
    this.highest = Math.max(this.highest, sweep.number);
    this.sweeps.push(sweep);
    // Of a sweep that cannot be read, neither number nor size is known.
    const known = sweep.read ? { number: sweep.number, size: sweep.size } : { number: 0, size: null };
    this.before = { ...known, sumsText: sweep.sums.size ? sweep.sumsText : "" };
  }

  /** The list of sums, and the small files it names. @param {ReadSweep} sweep */
  listed(sweep) {
    try {
      sweep.sums = parseSums(sweep.sumsText);
    } catch (error) {
      this.report.fail("sums", sweep.name, String(error));
      return false;
    }
    for (const [name, bytes] of Object.entries(sweep.bytes)) {
      const told = sweep.sums.get(name);
      if (told && told !== digestOf(utf8(bytes))) this.report.fail("file", `${sweep.name}/${name}`);
    }
    return true;
  }

  /** What seal.json and sweep.json state. @param {ReadSweep} sweep @param {JsonObject} value */
  stated(sweep, value) {
    if (!isObject(value.seal)) this.report.fail("canonical", sweep.name);
    else if (!sweep.whole) this.report.fail("plan", sweep.name);
    else return true;
    return false;
  }

  /** @param {ReadSweep} sweep */
  files(sweep) {
    const { report } = this;
    // A sweep of version 1 may stand before those of version 2, never after.
    this.newest = sweep.version = Math.max(sweep.version, this.newest);
    const newer = Math.max(Number(sweep.facts.v), Number(sweep.seal.v ?? 0));
    if (newer > NEWEST) report.reserve("format", sweep.name, `v ${newer}`);
    const required = sweep.version === 1 ? REQUIRED : [...REQUIRED, "plan.jsonl"];
    const allowed = new Set([...required, "shots.jsonl", PREVIOUS]);
    const missing = required.filter((name) => !sweep.sums.has(name));
    const other = newer > NEWEST ? [] : [...sweep.sums.keys()].filter((name) => !allowed.has(name) && !ENCLOSED.test(name));
    if (sweep.enclosed.size && !sweep.sums.has(PREVIOUS)) missing.push(PREVIOUS);
    if (missing.length || other.length) report.fail("sums", sweep.name, [...missing, ...other].join(", "));
  }

  /** @param {ReadSweep} sweep */
  follows(sweep) {
    const { before, report } = this;
    const expected = before ? before.number + 1 : sweep.number;
    if (sweep.number !== expected || sweep.seal.sweep !== sweep.number) report.fail("number", sweep.name);
    const start = before?.size ?? sweep.first;
    const announced = sweep.version !== 1 || this.leaves(sweep);
    if (sweep.first !== start || sweep.size < sweep.first || !announced) report.fail("plan", sweep.name);
  }

  /** The checks of version 1 are the leaves added. @param {ReadSweep} sweep */
  leaves({ facts, first, size }) {
    const seqs = objects(facts.checks).flatMap(({ seq }) => (isCount(seq) ? [seq] : [])).sort((a, b) => a - b);
    return seqs.length === size - first && seqs.every((seq, at) => seq === first + at);
  }

  /** @param {ReadSweep} sweep */
  chained(sweep) {
    const { before, report } = this;
    sweep.anchor = before?.sumsText ?? null;
    const told = sweep.sums.get(PREVIOUS);
    const broken = before ? told !== digestOf(utf8(before.sumsText)) : told !== undefined || sweep.first !== 0;
    if (broken) report.fail("chain", sweep.name);
    const said = sweep.declared.some((row) => row.what === "unstamped" && row.sweep === sweep.number - 1);
    if (told !== undefined && !sweep.enclosed.size && !said) report.fail("undeclared", sweep.name);
  }

  /** @param {ReadSweep} sweep */
  async checkpoint(sweep) {
    const { report } = this;
    let note, head;
    try {
      note = parseNote(sweep.noteText);
      head = parseHead(note.text);
    } catch (error) {
      report.fail("checkpoint", sweep.name, String(error));
      return;
    }
    if (sweep.anchor === null && sweep.number === 1) sweep.anchor = `${head.origin}\n`;
    let expected = this.expected;
    this.signer = null;
    if (this.origin !== null && this.origin !== head.origin) {
      const lost = sweep.declared.some((row) => row.what === "log_key_lost" && row.old_origin === this.origin);
      if (!lost) return report.fail("key", sweep.name);
      report.reserve("key", sweep.name);
      expected = null;
    }
    const signed = await signer(note, expected ? [expected] : this.trust.logKeys(head.origin));
    if (!signed) return report.fail("key", sweep.name);
    this.signer = signed;
    this.origin = head.origin;
    this.expected = head.next ?? signed;
    if (head.size === sweep.size) sweep.head = head;
    if (!sweep.head || !this.names(head, sweep)) report.fail("checkpoint", sweep.name);
  }

  /** What the key signs covers the sweep. @param {Head} head @param {ReadSweep} sweep */
  names(head, sweep) {
    if (sweep.version === 1) return true;
    const match = head.sweeps.length === 1 ? SEALED_SWEEP.exec(head.sweeps[0]) : null;
    return match !== null && Number(match[1]) === sweep.number && match[2] === digestOf(utf8(sweep.bytes["sweep.json"]));
  }

  /** @param {ReadSweep} sweep */
  declarations(sweep) {
    for (const row of sweep.declared) {
      const late = row.what === "stamped" && isCount(row.delay_s) && row.delay_s > 600;
      const off = clockError(row);
      if (off) this.report.note("clock", sweep.name, off);
      if (row.what !== "stamped" || late) this.report.declared.push(`${sweep.name} : ${JSON.stringify(row)}`);
    }
  }
}

/** By how many seconds at least our clock was wrong, where it was by more than a minute. @param {JsonObject} row */
function clockError({ clock_error_ms: told }) {
  if (!Array.isArray(told) || told.length !== 2 || !told.every((one) => typeof one === "number")) return 0;
  const [least, most] = /** @type {number[]} */ (told);
  const off = least > 0 ? least : most < 0 ? -most : 0;
  return off > 60_000 ? Math.round(off / 1000) : 0;
}
