/** The stamps, each of them verified (docs/FORMAT.md, 4.5). */

import { base64, digestOf } from "../proof/bytes.js";
import { canonicalObject, isCount, NotCanonical } from "../proof/canonical.js";
import { readToken } from "../proof/stamps.js";
import { sweepName } from "./report.js";

/** @typedef {import("./report.js").Report} Report @typedef {import("../proof/stamps.js").Token} Token */
/** @typedef {import("../proof/stamps.js").Authority} Authority */
/**
 * A stamp enclosed. holds: nothing speaks against it.
 * @typedef {{ authority: string, sweep: number, digest: string, reply: Uint8Array<ArrayBuffer> | null,
 *   at: number, accuracy: number, holds: boolean }} Stamp
 */

const FILE = "stamps.jsonl";
const BATCH = 64;

export class Stamps {
  /** @param {import("./trust.js").Trust} trust @param {Report} report */
  constructor(trust, report) {
    this.trust = trust;
    this.report = report;
    /** @type {Stamp[]} */
    this.all = [];
    /** @type {Map<number, Stamp[]>} */
    this.over = new Map();
    /** How many were verified, and hold or are revoked. */
    this.count = 0;
    /** How many stamps led to each root. @type {Map<string, number>} */
    this.roots = new Map();
    /** What authorities state: by authority, policy, accuracy and qualification. @type {Map<string, number>} */
    this.stated = new Map();
  }

  /** @param {import("../proof/folder.js").Folder} folder @param {import("./report.js").Progress} progress */
  async read(folder, progress) {
    let at = 0;
    for await (const { line, cut } of folder.lines(FILE)) {
      at++;
      await progress("stamps", at, 0);
      try {
        if (cut) throw new NotCanonical("no line end");
        this.line(line, `${FILE}:${at}`);
      } catch (error) {
        if (!(error instanceof NotCanonical)) throw error;
        this.report.fail("canonical", `${FILE}:${at}`, error.message);
      }
    }
  }

  /** @param {Uint8Array} line @param {string} where */
  line(line, where) {
    const { authority: name, sweep, tsr } = canonicalObject(line);
    const authority = String(name);
    let reply = null;
    try {
      reply = base64(String(tsr));
    } catch {
      // Said below.
    }
    if (!isCount(sweep) || !reply || name === undefined) return this.report.fail("stamp", where, "not a line of a stamp");
    const digest = reply ? digestOf(reply) : "";
    /** @type {Stamp} */
    const stamp = { authority, sweep, digest, reply, at: 0, accuracy: 0, holds: false };
    const known = this.over.get(sweep) ?? [];
    const last = this.all[this.all.length - 1];
    if ((last && last.sweep > sweep) || known.some((one) => one.authority === authority)) {
      return this.report.fail("stamp", whereOf(stamp), "out of order, or a second one");
    }
    this.all.push(stamp);
    this.over.set(sweep, [...known, stamp]);
  }

  /**
   * @param {Map<number, Uint8Array<ArrayBuffer>>} sums by sweep @param {Set<number>} unread sweeps
   * @param {import("./report.js").Progress} progress
   */
  async verify(sums, unread, progress) {
    this.all = this.all.filter(({ sweep }) => !unread.has(sweep));
    // One of each authority first: what its certificates are worth is then known for the others.
    const first = [...new Map(this.all.map((one) => [one.authority, one])).values()];
    const others = this.all.filter((one) => !first.includes(one));
    for (const stamp of first) await this.one(stamp, sums.get(stamp.sweep));
    for (let at = 0; at < others.length; at += BATCH) {
      await progress("verify", at, others.length);
      await Promise.all(others.slice(at, at + BATCH).map((stamp) => this.one(stamp, sums.get(stamp.sweep))));
    }
  }

  /** What fails is said, and holds no more. @param {Stamp} stamp @param {Uint8Array<ArrayBuffer> | undefined} sums */
  async one(stamp, sums) {
    const where = whereOf(stamp);
    const authority = this.trust.authorities.get(stamp.authority);
    if (!authority) return this.report.fail("authority", where);
    try {
      if (!stamp.reply || !sums) throw new Error(sums ? "not base64" : "over a sweep that is not here");
      const token = readToken(stamp.reply);
      stamp.at = token.at;
      stamp.accuracy = token.accuracy;
      stamp.reply = null;
      await this.verified(stamp, token, authority, sums);
      stamp.holds = true;
    } catch (error) {
      this.report.fail("stamp", where, error instanceof Error ? error.message : String(error));
    }
  }

  /** Throws Error with the reason where it does not hold; one that is revoked is told, and bounds. @param {Stamp} stamp @param {Token} token @param {Authority} authority
   * @param {Uint8Array<ArrayBuffer>} sums */
  async verified(stamp, token, authority, sums) {
    const { root, revoked } = await authority.verify(token, sums);
    this.count++;
    count(this.roots, `${stamp.authority} ${root}`);
    count(this.stated, `${stamp.authority} ${token.policy} ${token.accuracy} ${token.qualified}`);
    if (revoked === "before") this.report.fail("revoked", whereOf(stamp));
    if (revoked === "after") this.report.reserve("revoked", whereOf(stamp));
  }

  /** The stamps over a sweep that hold. @param {number} sweep */
  holding(sweep) {
    return (this.over.get(sweep) ?? []).filter(({ holds }) => holds);
  }
}

/** @param {Stamp} stamp */
const whereOf = ({ sweep, authority }) => `${sweepName(sweep)}, ${authority}`;

/** @param {Map<string, number>} counts @param {string} key */
function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
