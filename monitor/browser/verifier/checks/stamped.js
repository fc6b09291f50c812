/** The stamps: each verified or, where there are very many, those that bear the rest (docs/FORMAT.md, 4.5). */

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

/** @typedef {(stamp: Stamp, token: Token, authority: Authority, sums: Uint8Array<ArrayBuffer>) => Promise<boolean>} How */

const FILE = "stamps.jsonl";
const BATCH = 64;
export const MANY = 1000;
const DAY = 86_400e6;

export class Stamps {
  /** @param {import("./trust.js").Trust} trust @param {Report} report */
  constructor(trust, report) {
    this.trust = trust;
    this.report = report;
    /** @type {Stamp[]} */
    this.all = [];
    /** @type {Map<number, Stamp[]>} */
    this.over = new Map();
    this.verified = 0;
    this.sampled = false;
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
   * @param {Map<number, Uint8Array<ArrayBuffer>>} sums by sweep @param {Set<number>} unread sweeps @param {boolean} every
   * @param {import("./report.js").Progress} progress
   */
  async verify(sums, unread, every, progress) {
    this.all = this.all.filter(({ sweep }) => !unread.has(sweep));
    this.sampled = !every && this.all.length > MANY;
    if (this.sampled) await this.each("times", this.all, sums, read, progress);
    const chosen = this.sampled ? bearing(this.all.filter(({ holds }) => holds)) : this.all;
    for (const stamp of chosen) stamp.holds = false;
    // One of each authority first: what its certificates are worth is then known for the others.
    const first = chosen.filter(({ authority }, at) => chosen.findIndex((one) => one.authority === authority) === at);
    const whole = (/** @type {Parameters<How>} */ ...given) => this.whole(...given);
    await this.each("verify", first, sums, whole, progress);
    await this.each("verify", chosen.filter((one) => !first.includes(one)), sums, whole, progress);
  }

  /** Some at a time: the browser counts beside the page. @param {"times" | "verify"} step @param {Stamp[]} stamps
   * @param {Map<number, Uint8Array<ArrayBuffer>>} sums @param {How} how @param {import("./report.js").Progress} progress */
  async each(step, stamps, sums, how, progress) {
    for (let at = 0; at < stamps.length; at += BATCH) {
      await progress(step, at, stamps.length);
      await Promise.all(stamps.slice(at, at + BATCH).map((stamp) => this.one(stamp, sums.get(stamp.sweep), how)));
    }
  }

  /**
   * What fails is said, and holds no more.
   * @param {Stamp} stamp @param {Uint8Array<ArrayBuffer> | undefined} sums
   * @param {How} how
   */
  async one(stamp, sums, how) {
    const where = whereOf(stamp);
    const authority = this.trust.authorities.get(stamp.authority);
    if (!authority) return this.report.fail("authority", where);
    try {
      if (!stamp.reply || !sums) throw new Error(sums ? "not base64" : "over a sweep that is not here");
      const token = readToken(stamp.reply);
      stamp.at = token.at;
      stamp.accuracy = token.accuracy;
      stamp.holds = await how(stamp, token, authority, sums);
    } catch (error) {
      this.report.fail("stamp", where, error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Stamp} stamp @param {Token} token @param {Authority} authority @param {Uint8Array<ArrayBuffer>} sums */
  async whole(stamp, token, authority, sums) {
    const { root, revoked } = await authority.verify(token, sums);
    this.verified++;
    count(this.roots, `${stamp.authority} ${root}`);
    count(this.stated, `${stamp.authority} ${token.policy} ${token.accuracy} ${token.qualified}`);
    if (revoked === "before") this.report.fail("revoked", whereOf(stamp));
    if (revoked === "after") this.report.reserve("revoked", whereOf(stamp));
    return revoked !== "before";
  }

  /** The stamps over a sweep that hold. @param {number} sweep */
  holding(sweep) {
    return (this.over.get(sweep) ?? []).filter(({ holds }) => holds);
  }
}

/** @param {Stamp} stamp */
const whereOf = ({ sweep, authority }) => `${sweepName(sweep)}, ${authority}`;

/** A stamp of these sums by what it says; its signature is looked at elsewhere. @param {Stamp} stamp @param {Token} token
 * @param {Authority} authority @param {Uint8Array<ArrayBuffer>} sums */
async function read(stamp, token, authority, sums) {
  if (!(await authority.stamps(token, sums))) throw new Error("not the stamp of these sums");
  return true;
}

/** The first and the last stamp of each day and authority. @param {Stamp[]} stamps */
function bearing(stamps) {
  /** @type {Map<string, { first: Stamp, last: Stamp }>} */
  const days = new Map();
  for (const stamp of stamps) {
    const day = `${stamp.authority} ${Math.floor(stamp.at / DAY)}`;
    const known = days.get(day);
    if (!known) days.set(day, { first: stamp, last: stamp });
    else if (stamp.at < known.first.at) known.first = stamp;
    else if (stamp.at >= known.last.at) known.last = stamp;
  }
  return [...new Set([...days.values()].flatMap(({ first, last }) => [first, last]))];
}

/** @param {Map<string, number>} counts @param {string} key */
function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
