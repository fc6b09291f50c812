/** The record lines: canonical, due, sealed, and of the hour, place and visit they say (docs/FORMAT.md, 4.6 to 4.9). */

import { bytesToHex, concat, digestOf, instant, text, utf8 } from "../proof/bytes.js";
import { canonicalObject, isCount, NotCanonical, objects } from "../proof/canonical.js";
import { leafHash, rangeRoot } from "../proof/merkle.js";
import { within } from "./bounded.js";
import { hashes } from "./planned.js";

/** @typedef {import("../proof/canonical.js").JsonObject} JsonObject @typedef {import("./report.js").Report} Report */
/** @typedef {import("./sweeps.js").ReadSweep} ReadSweep @typedef {import("./planned.js").Due} Due */
/** @typedef {import("./report.js").Bounds} Bounds */
/**
 * What the table and the figures say of a record.
 * @typedef {{ seq: number, sweep: number, check: string, started: string, reading: string, id: string, digest: string,
 *   page: string, seen: string, firstDay: string, url: string, readUrl: string, label: string, detail: string, finished: string, status: string,
 *   serverDate: string, titles: string }} Shown
 */

const FILE = "records.jsonl";
const LOG = "log.jsonl";
const LONG_HEX = /[0-9a-f]{64,}/g;
const MINUTE = 60e6;
// The classes of monitor/core/readings.py: what a newer one means, and how it is worded, is not known here.
const READINGS = new Set([
  "SlotsOpen", "NoSlot", "NotYetOpen", "RequestForm", "Closed", "Obstructed", "Unavailable", "Unreadable", "Unreached",
  "Published", "NotFound", "Contradictory", "FrontPageShown", "PublishedFigures",
]);

export class Records {
  /** @param {import("./planned.js").Plan} plan @param {Map<number, Bounds>} bounds @param {Report} report */
  constructor(plan, bounds, report) {
    this.plan = plan;
    this.bounds = bounds;
    this.report = report;
    /** @type {Shown[]} */
    this.shown = [];
    /** Where each digest was first named. @type {Map<string, { day: string, check: string }>} */
    this.named = new Map();
    /** Day and check of each record. @type {Map<number, { day: string, check: string }>} */
    this.places = new Map();
    /** Digests of the pages that records say were read. @type {Set<string>} */
    this.pages = new Set();
    this.proven = 0;
    this.simulated = 0;
    this.otherClock = 0;
    /** A line was not canonical: what presents the records cannot be held against them. */
    this.unreadable = false;
    this.last = -1;
    /** @type {Map<number, { nodes: Uint8Array[] | null, sweep: ReadSweep | undefined }>} */
    this.proofs = new Map();
    /** @type {Due[]} */
    this.waiting = [...plan.bySeq.values()].sort((one, other) => one.seq - other.seq);
    this.misdated = new Set();
  }

  /** @param {import("../proof/folder.js").Folder} folder @param {import("./report.js").Progress} progress */
  async read(folder, progress) {
    await this.readLog(folder);
    const all = this.plan.byDigest.size + this.plan.bySeq.size;
    let at = 0;
    for await (const { line, cut } of folder.lines(FILE)) {
      at++;
      await progress("records", at, Math.max(all, at));
      if (cut) this.report.fail("canonical", `${FILE}:${at}`, "no line end");
      this.line(line, `${FILE}:${at}`);
    }
    this.plan.finish();
    if (this.simulated) this.report.reserve("simulated", `${this.simulated} / ${this.proven}`);
    if (this.otherClock) this.report.note("server_date", this.otherClock);
  }

  /** @param {import("../proof/folder.js").Folder} folder */
  async readLog(folder) {
    let at = 0;
    for await (const { line } of folder.lines(LOG)) {
      at++;
      try {
        const { nodes, seq, sweep } = canonicalObject(line);
        if (!isCount(seq)) throw new NotCanonical("not a proof");
        const found = isCount(sweep) ? this.plan.sweeps.get(sweep) : undefined;
        this.proofs.set(seq, { nodes: hashes(nodes), sweep: found?.version === 1 ? found : undefined });
      } catch (error) {
        if (!(error instanceof NotCanonical)) throw error;
        this.report.fail("canonical", `${LOG}:${at}`, error.message);
      }
    }
  }

  /** @param {Uint8Array} line @param {string} where */
  line(line, where) {
    const due = this.plan.byDigest.get(digestOf(line)) ?? this.old(line, where);
    const record = this.parsed(line, due ? where : null);
    if (!due) {
      this.report.fail("plan", where);
    } else {
      if (due.found || due.seq <= this.last) this.report.fail("plan", where);
      due.found = true;
      this.last = Math.max(this.last, due.seq);
      const bounds = this.bounds.get(due.sweep.number);
      if (bounds) bounds.records++;
      this.proven++;
      if (record) {
        this.facts(record, due, where);
        this.names(record, line);
      }
    }
    if (record) this.show(record, line);
  }

  /** What a line says. Of one that belongs to nothing here the spelling is not told besides. @param {Uint8Array} line @param {string | null} where */
  parsed(line, where) {
    try {
      return canonicalObject(line);
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      if (where !== null) this.report.fail("canonical", where, error.message);
      this.unreadable = true;
      return null;
    }
  }

  /** A record of version 1, by its place in the log: the next that is due and has a proof. @param {Uint8Array} line @param {string} where */
  old(line, where) {
    while (this.waiting.length && !this.proofs.has(this.waiting[0].seq)) this.waiting.shift();
    const due = this.waiting.shift();
    if (!due) return undefined;
    const proof = this.proofs.get(due.seq);
    const { head } = due.sweep;
    const nodes = proof?.sweep === due.sweep ? proof.nodes : null;
    const root = head && nodes && rangeRoot(due.seq, [leafHash(line)], head.size, nodes);
    // Of a checkpoint that is worth nothing enough was said.
    if (head && (!root || bytesToHex(root) !== head.root)) this.report.fail("inclusion", where);
    return due;
  }

  /** @param {JsonObject} record @param {Due} due @param {string} where */
  facts(record, { sweep, check, seq }, where) {
    const started = instant(record.started);
    const finished = instant(record.finished);
    const wrong = [];
    if (record.seq !== seq) wrong.push("seq");
    if (record.check !== check) wrong.push("check");
    if (record.sweep !== sweep.number) wrong.push("sweep");
    const inside = started !== null && finished !== null && sweep.started !== null && sweep.finished !== null
      && sweep.started <= started && started <= finished && finished <= sweep.finished;
    if (!inside) wrong.push("started, finished");
    if (sweep.anchor !== null && record.id !== visit(sweep.anchor, sweep.number, check)) wrong.push("id");
    if (wrong.length) this.report.fail("record", where, wrong.join(", "));
    const bounds = this.bounds.get(sweep.number);
    if (bounds && !this.misdated.has(sweep.number) && !within(bounds, [started, finished])) misdated(this.report, sweep, where);
    if (record.simulated === true) this.simulated++;
    if (objects(record.exchanges).some((one) => anotherClock(one, started, finished))) this.otherClock++;
  }

  /** The digests a proven record names, and the pages among them. @param {JsonObject} record @param {Uint8Array} line */
  names(record, line) {
    const place = { day: String(record.started).slice(0, 10), check: String(record.check) };
    if (isCount(record.seq)) this.places.set(record.seq, place);
    for (const digest of digestsIn(text(line))) if (!this.named.has(digest)) this.named.set(digest, place);
    for (const body of bodiesOf(record)) this.pages.add(body);
  }

  /** What table and figures have to say of a record that stands there, proven or not. @param {JsonObject} record @param {Uint8Array} line */
  show(record, line) {
    const told = ["check", "label", "url", "started", "reading"].every((key) => typeof record[key] === "string");
    if (!told || !isCount(record.seq) || !isCount(record.sweep) || !READINGS.has(String(record.reading))) this.unreadable = true;
    const exchanges = objects(record.exchanges);
    const bodies = bodiesOf(record);
    const [seen, firstDay, url, label, id] = ["seen", "first_day", "url", "label", "id"].map((key) => words(record[key]));
    const last = exchanges[exchanges.length - 1];
    this.shown.push({
      seq: Number(record.seq), sweep: Number(record.sweep), check: String(record.check), started: String(record.started),
      reading: String(record.reading), id, digest: digestOf(line), page: bodies[bodies.length - 1] ?? "", seen, firstDay, url,
      readUrl: last && "status" in last ? words(last.url) : "", label, detail: detail(record),
      finished: words(record.finished), status: last?.status ? String(last.status) : "", serverDate: words(last?.date),
      titles: Array.isArray(record.titles) ? record.titles.map(words).join(" ; ") : "",
    });
  }
}

/** Digests of the pages that came. @param {JsonObject} record */
const bodiesOf = (record) =>
  objects(record.exchanges).flatMap(({ decoded_body_sha256: body }) => (typeof body === "string" ? [body] : []));

/** The word that tells two readings of one class apart. @param {JsonObject} record */
function detail(record) {
  if (record.reading === "NoSlot") return record.by_data === true ? "by_data" : words(record.detail);
  if (record.reading === "SlotsOpen") return record.weak === true ? "weak" : "";
  const field = { Obstructed: "obstacle", Unavailable: "kind", Unreadable: "why", Unreached: "cause" }[String(record.reading)];
  return field ? words(record[field]) : "";
}

/** Sweeps whose own dates lie outside their bounds. @param {ReadSweep[]} sweeps @param {Map<number, Bounds>} bounds @param {Report} report */
export function dated(sweeps, bounds, report) {
  const out = sweeps.filter(({ number, read, started, finished }) => {
    const found = bounds.get(number);
    return read && found && !within(found, [started, finished]);
  });
  for (const sweep of out) misdated(report, sweep, sweep.name);
  return new Set(out.map(({ number }) => number));
}

/** @param {Report} report @param {ReadSweep} sweep @param {string} where */
function misdated(report, sweep, where) {
  if (sweep.version === 1) report.reserve("date", where);
  else report.fail("date", where);
}

/** @param {string} source */
export const digestsIn = (source) => (source.match(LONG_HEX) ?? []).filter((one) => one.length === 64);

/** The identifier of a visit. @param {string} anchor @param {number} sweep @param {string} check */
function visit(anchor, sweep, check) {
  return digestOf(concat(utf8(anchor), utf8(`${String(sweep).padStart(9, "0")}${check}`))).slice(0, 16);
}

/** Whether a server's clock was more than a minute from ours. @param {JsonObject} exchange
 * @param {number | null} started @param {number | null} finished */
function anotherClock({ date }, started, finished) {
  const at = typeof date === "string" ? Date.parse(date) * 1000 : NaN;
  return !Number.isNaN(at) && started !== null && finished !== null && (at < started - MINUTE || at > finished + MINUTE);
}

/** @param {import("../proof/canonical.js").Json | undefined} value */
const words = (value) => (typeof value === "string" ? value : "");
