/** Numbers of a series of attempts, as `monitor.case.check.spread` counts them. No label and no verdict: those are `vigie case check`'s. */

/** @typedef {{ at: string, kind: string }} Tried @typedef {{ attempts: number, days: number, weeks: number, span: number, gap: number }} Figures */

export const FAILED = ["no_slot", "category_missing", "error_message", "form_unavailable", "attempt"];
const DAY = 86_400_000;

/** @param {string} day @returns {string} its ISO 8601 week, `2026-49` */
export function week(day) {
  const thursday = new Date(`${day}T00:00Z`);
  thursday.setUTCDate(thursday.getUTCDate() - ((thursday.getUTCDay() + 6) % 7) + 3);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}-${1 + Math.floor((+thursday - first) / (7 * DAY))}`;
}

/** @param {Tried[]} list @returns {Figures} span, gap: days from the first to the last, and the longest without an attempt */
export function figures(list) {
  const tried = list.filter((one) => FAILED.includes(one.kind));
  const days = [...new Set(tried.map((one) => one.at.slice(0, 10)))].sort();
  const between = (/** @type {string} */ a, /** @type {string} */ b) => Math.round((Date.parse(b) - Date.parse(a)) / DAY);
  return {
    attempts: tried.length,
    days: days.length,
    weeks: new Set(days.map(week)).size,
    span: days.length ? between(days[0], days[days.length - 1]) : 0,
    gap: Math.max(0, ...days.slice(1).map((day, i) => between(days[i], day))),
  };
}
