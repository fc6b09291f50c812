/** What a verification finds: false (É), open (R), or only to be known. Words are the page's (words.js). */

/**
 * @typedef {"sums" | "file" | "unlisted" | "extra" | "signed" | "number" | "chain" | "undeclared" | "plan" | "canonical"
 *   | "checkpoint" | "key" | "stamp" | "authority" | "revoked" | "order" | "clocks" | "date" | "unstamped" | "bounds"
 *   | "inclusion" | "record" | "capture" | "simulated" | "csv" | "figures" | "witness" | "format"} Code
 * @typedef {{ code: Code, level: "É" | "R", where: string, detail: string }} Finding
 * @typedef {{ note: string, args: (string | number)[] }} Note
 * @typedef {{ at: number, accuracy: number, authority: string }} Bound microseconds
 * @typedef {{ number: number, finished: number | null, after: Bound | null, before: Bound | null, records: number }} Bounds
 * @typedef {{ code: string, detail: string }} Impossible
 * @typedef {{ impossible: Impossible | null, findings: Finding[], notes: Note[], declared: string[], bounds: Bounds[],
 *   sweeps: number, records: number, stamps: { all: number, verified: number } }} Result
 */

export class Report {
  constructor() {
    /** @type {Finding[]} */
    this.findings = [];
    /** @type {Note[]} */
    this.notes = [];
    /** @type {string[]} */
    this.declared = [];
    this.records = 0;
  }

  /** Something false. @param {Code} code @param {string} where @param {string} [detail] */
  fail(code, where, detail = "") {
    this.findings.push({ code, level: "É", where, detail });
  }

  /** Something open. @param {Code} code @param {string} where @param {string} [detail] */
  reserve(code, where, detail = "") {
    this.findings.push({ code, level: "R", where, detail });
  }

  /** To know, not to fear. @param {string} note @param {...(string | number)} args */
  note(note, ...args) {
    this.notes.push({ note, args });
  }
}

/** A sweep's name in a finding; the page says it in its language. @param {number} number */
export const sweepName = (number) => `sweep ${String(number).padStart(9, "0")}`;

/** Told of what is done and how much there is; lets a page live where there is no worker. */
/** @typedef {(step: string, done: number, all: number) => Promise<void>} Progress */
