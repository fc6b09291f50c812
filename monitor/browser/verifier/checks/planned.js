/** What was due: ranges of each sweep's plan, closed over the scope, so that nothing can be left out (4.7). */

import { bytesToHex, DIGEST, hexToBytes, sha256, utf8 } from "../proof/bytes.js";
import { before, canonicalObject, isCount, isObject, NotCanonical, objects } from "../proof/canonical.js";
import { leafHash, rangeRoot } from "../proof/merkle.js";

/** @typedef {import("../proof/canonical.js").Json} Json @typedef {import("../proof/canonical.js").JsonObject} JsonObject */
/** @typedef {import("./sweeps.js").ReadSweep} ReadSweep @typedef {import("./report.js").Report} Report */
/** @typedef {{ sweep: ReadSweep, check: string, seq: number, found: boolean }} Due a record that has to be there */

const FILE = "plan.jsonl";
const SCOPE = /^(?:all|[0-9A-Za-z]+\/(?:notices\/[a-z0-9-]+|[a-z0-9-]*))$/;

/** The canonical text of a value. @param {Json} value @returns {string} */
export function spelt(value) {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(spelt).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort((one, other) => (before(one, other) ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${spelt(value[key])}`).join(",")}}`;
}

/** The leaf of a row, in a tree of rows. @param {JsonObject} row */
export const rowLeaf = (row) => leafHash(sha256(utf8(spelt(row))));

/** Hashes of a proof, null where one is not spelt as a digest. @param {Json | undefined} nodes */
export function hashes(nodes) {
  if (!Array.isArray(nodes) || !nodes.every((one) => typeof one === "string" && DIGEST.test(one))) return null;
  return /** @type {string[]} */ (nodes).map(hexToBytes);
}

/** True where a range leads to the root of a tree. @param {{ root: string, size: number } | null} tree
 * @param {Json | undefined} from @param {JsonObject[]} rows @param {Json | undefined} nodes */
export function leads(tree, from, rows, nodes) {
  const path = hashes(nodes);
  const root = tree && path && isCount(from) ? rangeRoot(from, rows.map(rowLeaf), tree.size, path) : null;
  return root !== null && bytesToHex(root) === tree?.root;
}

export class Plan {
  /** @param {ReadSweep[]} sweeps @param {Report} report */
  constructor(sweeps, report) {
    this.report = report;
    const read = sweeps.filter((sweep) => sweep.read);
    // Of two of one number the first counts.
    this.sweeps = new Map(read.toReversed().map((sweep) => [sweep.number, sweep]));
    this.order = read.filter((sweep) => this.sweeps.get(sweep.number) === sweep && sweep.version !== 1);
    this.places = new Map(this.order.map(({ number }, at) => [number, at]));
    /** @type {string[]} */
    this.scope = [];
    /** By digest of the record line (version 2). @type {Map<string, Due>} */
    this.byDigest = new Map();
    /** By place in the log (version 1). @type {Map<number, Due>} */
    this.bySeq = new Map();
    /** What has to come next: a sweep, and a line of the scope. */
    this.next = { sweep: 0, line: 0 };
    /** Rows of one plan that were shown, by their place. @type {Map<number, JsonObject>} */
    this.placed = new Map();
    /** @type {ReadSweep | null} */
    this.placedOf = null;
  }

  /** @param {import("../proof/folder.js").Folder} folder @param {import("./report.js").Progress} progress */
  async read(folder, progress) {
    await this.readScope(folder);
    this.oldRows();
    let at = 0;
    for await (const { line, cut } of folder.lines(FILE)) {
      at++;
      await progress("plan", at, this.sweeps.size * this.scope.length);
      try {
        if (cut) throw new NotCanonical("no line end");
        this.line(canonicalObject(line), `${FILE}:${at}`);
      } catch (error) {
        if (!(error instanceof NotCanonical)) throw error;
        this.report.fail("canonical", `${FILE}:${at}`, error.message);
      }
    }
    while (this.scope.length && this.next.sweep < this.order.length) this.missing();
  }

  /** @param {import("../proof/folder.js").Folder} folder */
  async readScope(folder) {
    const source = folder.files.has("scope.txt") ? await folder.text("scope.txt").catch(() => "") : "";
    const lines = source.split("\n");
    const sorted = lines.every((line, at) => at === 0 || line === "" || before(lines[at - 1], line));
    if (lines.pop() !== "" || !lines.length || !sorted || !lines.every((line) => SCOPE.test(line))) {
      this.report.fail("plan", "scope.txt");
      return;
    }
    this.scope = lines;
  }

  /** @param {string} check */
  wanted(check) {
    return this.scope.some((line) => covers(line, check));
  }

  oldRows() {
    for (const sweep of this.sweeps.values()) {
      for (const { check, seq } of sweep.version === 1 ? objects(sweep.facts.checks) : []) {
        if (typeof check === "string" && isCount(seq) && this.wanted(check)) this.bySeq.set(seq, { sweep, check, seq, found: false });
      }
    }
  }

  /** @returns {ReadSweep} the sweep of which a range has to come next; it is no more waited for */
  expected() {
    const sweep = this.order[this.next.sweep];
    this.next.line++;
    if (this.next.line >= this.scope.length) this.next = { sweep: this.next.sweep + 1, line: 0 };
    return sweep;
  }

  missing() {
    const sweep = this.expected();
    this.report.fail("plan", sweep.name);
  }

  /** Ranges stand in the order of the sweeps, then of the scope. @param {JsonObject} told @param {string} where */
  line(told, where) {
    const place = this.places.get(Number(told.sweep)) ?? -1;
    if (place < this.next.sweep || !this.scope.length) {
      // What follows a line that has no place here has none either.
      while (this.scope.length && this.next.sweep < this.order.length) this.missing();
      return this.report.fail("plan", where);
    }
    while (this.next.sweep < place) this.missing();
    const line = this.scope[this.next.line];
    const sweep = this.expected();
    const rows = objects(told.rows);
    const whole = Array.isArray(told.rows) && rows.length === told.rows.length && rows.every(isRow);
    const tree = sweep.tree("plan");
    if (!whole || !tree || !isCount(told.from) || !hashes(told.nodes)) return this.report.fail("plan", where);
    if (!leads(tree, told.from, rows, told.nodes)) this.report.fail("inclusion", where);
    if (!closes(line, rows, told.from, tree.size) || !this.agrees(sweep, rows, told.from)) this.report.fail("plan", where);
    this.due(rows, line, sweep);
  }

  /** Whether the ranges of one plan show one row in one place, and all of them in order. 
   * @param {ReadSweep} sweep @param {JsonObject[]} rows @param {number} from */
  agrees(sweep, rows, from) {
    if (this.scope.length === 1) return true;
    if (this.placedOf !== sweep) this.placed = new Map();
    this.placedOf = sweep;
    const twice = rows.some((row, at) => this.placed.has(from + at) && spelt(this.placed.get(from + at) ?? {}) !== spelt(row));
    rows.forEach((row, at) => this.placed.set(from + at, row));
    const sorted = [...this.placed].sort(([one], [other]) => one - other).map(([, row]) => row);
    return !twice && sorted.every((row, at) => at === 0 || isAfter(row, sorted[at - 1]));
  }

  /** @param {JsonObject[]} rows @param {string} line @param {ReadSweep} sweep */
  due(rows, line, sweep) {
    const made = rows.filter((row) => "record" in row && covers(line, String(row.check)));
    const inside = made.every(({ seq }) => sweep.first <= Number(seq) && Number(seq) < sweep.size);
    if (!inside || (line === "all" && made.length !== sweep.size - sweep.first)) this.report.fail("plan", sweep.name);
    for (const { check, record, seq } of made) {
      if (!this.byDigest.has(String(record))) {
        this.byDigest.set(String(record), { sweep, check: String(check), seq: Number(seq), found: false });
      }
    }
  }

  /** What has to be there and is not. */
  finish() {
    for (const { sweep, check, seq, found } of [...this.byDigest.values(), ...this.bySeq.values()]) {
      if (!found) this.report.fail("plan", sweep.name, `${check}, ${seq}`);
    }
  }
}

/** Whether a line of the scope is about a check. @param {string} line @param {string} check */
const covers = (line, check) => line === "all" || line === check || (line.endsWith("/") && check.startsWith(line));

/** @param {JsonObject} row */
function isRow(row) {
  const keys = Object.keys(row).join();
  if (typeof row.check !== "string") return false;
  if (keys === "check,why") return typeof row.why === "string";
  return keys === "check,record,seq" && typeof row.record === "string" && DIGEST.test(row.record) && isCount(row.seq);
}

/**
 * Whether rows `from` on, of `size`, hold all that a line of the scope covers: sorted, and either the end of the plan or
 * a row outside the scope on each side.
 * @param {string} line @param {JsonObject[]} rows @param {number} from @param {number} size
 */
function closes(line, rows, from, size) {
  if (!rows.every((row, at) => at === 0 || isAfter(row, rows[at - 1]))) return false;
  if (line === "all") return from === 0 && rows.length === size;
  const outside = rows.map(({ check }) => String(check)).filter((check) => !covers(line, check));
  const below = outside.filter((check) => before(check, line)).length;
  const above = outside.length - below;
  return below <= 1 && above <= 1 && (below === 1 || from === 0) && (above === 1 || from + rows.length === size);
}

/** Whether a row stands after another, never beside it. @param {JsonObject} one @param {JsonObject} other */
function isAfter(one, other) {
  const [left, right] = [String(one.check), String(other.check)];
  return left === right ? Number(one.seq ?? -1) > Number(other.seq ?? -1) : before(right, left);
}
