/** Between which stamps each sweep was written, and whether its dates lie there (docs/FORMAT.md, 4.5 and 4.6). */

import { isCount } from "../proof/canonical.js";
import { sweepName } from "./report.js";

/** @typedef {import("./sweeps.js").ReadSweep} ReadSweep @typedef {import("./stamped.js").Stamp} Stamp */
/** @typedef {import("./report.js").Bound} Bound @typedef {import("./report.js").Bounds} Bounds */
/** @typedef {import("./report.js").Report} Report */

const MINUTE = 60e6;
const WIDEST = 25 * 60 * MINUTE;
const APART = 10 * MINUTE;

/** @param {ReadSweep[]} sweeps @param {import("./stamped.js").Stamps} stamps @param {number | null} before its number @param {Report} report */
export function bounded(sweeps, stamps, before, report) {
  /** @type {Bounds[]} */
  const out = [];
  /** @type {Bound | null} */
  let after = null;
  /** @type {Map<string, Stamp>} */
  const newest = new Map();
  let number = before;
  for (const sweep of sweeps) {
    for (const stamp of sweep.read ? enclosed(sweep, number, stamps, report) : []) {
      if (!after || stamp.at > after.at) after = stamp;
      const known = newest.get(stamp.authority);
      if (!known || stamp.at > known.at) newest.set(stamp.authority, stamp);
    }
    for (const own of stampsOf(sweep, stamps)) {
      if (own.at < (newest.get(own.authority)?.at ?? -Infinity)) report.fail("order", `${sweep.name}, ${own.authority}`);
    }
    out.push({ number: sweep.number, finished: sweep.finished, after, before: null, records: 0 });
    number = sweep.read ? sweep.number : null;
  }
  /** @type {Bound | null} */
  let least = null;
  for (const [at, sweep] of [...sweeps.entries()].reverse()) {
    for (const stamp of stampsOf(sweep, stamps)) if (!least || stamp.at < least.at) least = stamp;
    out[at].before = least;
  }
  return out;
}

/** @param {ReadSweep} sweep @param {import("./stamped.js").Stamps} stamps */
const stampsOf = (sweep, stamps) => (sweep.stampable ? stamps.holding(sweep.number) : []);

/** The stamps of the sweep before that a sweep encloses. @param {ReadSweep} sweep @param {number | null} before
 * @param {import("./stamped.js").Stamps} stamps @param {Report} report */
function enclosed(sweep, before, stamps, report) {
  const over = before === null ? [] : stamps.over.get(before) ?? [];
  return [...sweep.enclosed].flatMap(([authority, digest]) => {
    const found = over.find((one) => one.authority === authority && one.digest === digest);
    if (!found) report.fail("chain", `${sweep.name}/previous.${authority}.tsr`);
    return found?.holds ? [found] : [];
  });
}

/** What the bounds of a sweep leave open. records: counted by then. @param {ReadSweep[]} sweeps @param {Bounds[]} all
 * @param {import("./stamped.js").Stamps} stamps @param {Report} report */
export function open(sweeps, all, stamps, report) {
  const late = lateStamps(sweeps);
  for (const { number, after, before, records } of all) {
    const where = sweepName(number);
    const own = stamps.holding(number);
    const prompt = own.filter(({ authority }) => !late.has(`${number} ${authority}`)).map(({ at }) => at);
    const isLate = own.length > 0 && !prompt.length;
    if (!before) report.reserve("unstamped", where, String(records));
    const why = !after ? "below" : before && before.at - after.at > WIDEST ? "wide" : isLate ? "late" : null;
    if (why) report.reserve("bounds", where, `${records} ${why}`);
    const apart = prompt.length > 1 && Math.max(...prompt) - Math.min(...prompt) > APART;
    const contradict = after && before && after.at > before.at && after.authority !== before.authority;
    if (apart || contradict) report.reserve("clocks", where);
  }
}

/** @param {ReadSweep[]} sweeps */
function lateStamps(sweeps) {
  return new Set(sweeps.flatMap(({ declared }) => declared
    .filter((row) => row.what === "stamped" && isCount(row.delay_s) && row.delay_s > 600)
    .map((row) => `${row.sweep} ${row.authority}`)));
}

/** Whether instants lie within bounds, a minute and the stated accuracy around. @param {Bounds} bounds @param {(number | null)[]} instants */
export function within({ after, before }, instants) {
  return instants.every((at) => {
    if (at === null) return false;
    return (!after || at >= after.at - after.accuracy - MINUTE) && (!before || at <= before.at + before.accuracy + MINUTE);
  });
}
