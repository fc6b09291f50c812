/** The diary as one ZIP, laid out as docs/CASE.md says, and read again: for a case, a lawyer, a new telephone. */

import { unzipSync, zipSync } from "fflate";

/** @typedef {import("./dates.js").Source} Source */
/**
 * @typedef {{ sha256: string, name: string, type: string, bytes: number, file_modified_ms: number, added_ms: number,
 *   at: string, date_source: Source, kind: string, prefecture: string, procedure: string, address: string,
 *   sentence: string }} Entry
 */

const RECORD = "attempt.json", SUMS = "SHA256SUMS";
const DATE = new Date(1980, 0, 1); // a ZIP needs one: the same contents give the same bytes
const ENDINGS = /\.(png|jpe?g|webp|heic|heif|gif|pdf)$/i;
export const LARGEST = 500_000_000; // bytes a case takes (`monitor.case.kept.opening`)

/** @param {Uint8Array} bytes @returns {Promise<string>} */
export async function sha256(bytes) {
  const sum = await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes));
  return [...new Uint8Array(sum)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** As `monitor.core.record.canonical`. @param {unknown} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const told = /** @type {Record<string, unknown>} */ (value);
  return `{${Object.keys(told).sort(byPoint).map((name) => `${JSON.stringify(name)}:${canonical(told[name])}`).join(",")}}`;
}

/** @param {string} a @param {string} b */
const byPoint = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * @param {Entry[]} entries in the order of their hours @param {(sha256: string) => Promise<Uint8Array>} bytesOf
 * @param {{ now: number, zone: string, browser: { product: string, major: string }, version: string }} about
 * @returns {Promise<Uint8Array>}
 */
export async function packed(entries, bytesOf, about) {
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  const told = [];
  for (const [i, entry] of entries.entries()) {
    const ending = (ENDINGS.exec(entry.name)?.[0] ?? ".png").toLowerCase();
    const file = `captures/${String(i + 1).padStart(4, "0")}${ending}`;
    files[file] = await bytesOf(entry.sha256);
    told.push({ ...entry, n: i + 1, file });
  }
  const nonce = [...crypto.getRandomValues(new Uint8Array(32))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const record = {
    v: 1, kind: "diary", origin: "diary", author: "person", nonce, made_ms: about.now,
    offset_min: -new Date(about.now).getTimezoneOffset(), zone: about.zone, browser: about.browser,
    program: { name: "carnet", version: about.version }, entries: told,
  };
  files[RECORD] = new TextEncoder().encode(`${canonical(record)}\n`);
  let sums = "";
  for (const name of Object.keys(files).sort(byPoint)) sums += `${await sha256(files[name])}  ${name}\n`;
  files[SUMS] = new TextEncoder().encode(sums);
  /** @type {import("fflate").Zippable} */
  const zip = {};
  for (const name of Object.keys(files).sort(byPoint)) zip[name] = [files[name], { level: 0, mtime: DATE }];
  return zipSync(zip);
}

/** The entries of a diary's own ZIP and their pictures. Throws where it is none, or was changed. @param {Uint8Array} zip */
export async function opened(zip) {
  const files = unzipSync(zip, { filter: (file) => file.originalSize <= LARGEST });
  const record = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(files[RECORD]));
  if (record.kind !== "diary" || record.v !== 1) throw new Error("no diary");
  /** @type {{ entry: Entry, bytes: Uint8Array }[]} */
  const found = [];
  for (const { n: _n, file, ...entry } of record.entries) {
    const bytes = files[file];
    if (!bytes || (await sha256(bytes)) !== entry.sha256) throw new Error("changed");
    found.push({ entry, bytes });
  }
  return found;
}
