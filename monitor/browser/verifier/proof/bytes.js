/** Bytes and their spellings: hexadecimal, base64, UTF-8, SHA-256, instants. Nothing here reads a file. */

import { sha256 as noble } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

export { bytesToHex, hexToBytes };

/** 64 lower-case hexadecimal digits. */
export const DIGEST = /^[0-9a-f]{64}$/;

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/;

const encoder = new TextEncoder();
// A byte order mark is a character like any other here: no reader may pass over a byte that another one hashes.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const utf8 = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (encoder.encode(text));

/** Text of UTF-8 bytes. Throws TypeError for anything else. @param {Uint8Array} data */
export const text = (data) => decoder.decode(data);

/** @param {Uint8Array} data @returns {Uint8Array<ArrayBuffer>} */
export const sha256 = (data) => /** @type {Uint8Array<ArrayBuffer>} */ (noble(data));

/** Lower-case hexadecimal SHA-256. @param {Uint8Array} data */
export const digestOf = (data) => bytesToHex(noble(data));

/** A digest that is fed piece by piece. */
export const hasher = () => noble.create();

/** @param {...Uint8Array} parts @returns {Uint8Array<ArrayBuffer>} */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export const equal = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

/**
 * Bytes of canonical base64: each value has one spelling, so that no bit goes unread. Throws Error.
 * @param {string} spelt @returns {Uint8Array<ArrayBuffer>}
 */
export function base64(spelt) {
  const raw = atob(spelt);
  if (btoa(raw) !== spelt) throw new Error("base64 in another spelling than its own");
  return Uint8Array.from(raw, (char) => char.charCodeAt(0));
}

/**
 * Microseconds since 1970 of an instant as records spell it, null for any other spelling. Exact: under 2^53 until 2255.
 * @param {unknown} spelt @returns {number | null}
 */
export function instant(spelt) {
  const match = typeof spelt === "string" ? INSTANT.exec(spelt) : null;
  if (!match) return null;
  const whole = Date.parse(`${match[1]}Z`);
  // Date.parse takes 31 February for 3 March in some browsers.
  if (Number.isNaN(whole) || new Date(whole).toISOString().slice(0, 19) !== match[1]) return null;
  return whole * 1000 + Number(match[2]);
}
