/** Canonical lines: one spelling for one object, so that two readers cannot read two things (docs/FORMAT.md, 1). */

import { text } from "./bytes.js";

const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"/y;
const INTEGER = /-?(?:0|[1-9][0-9]{0,17})(?![0-9.eE])/y;
const DEPTH = 32; // objects and arrays within one another

/** @typedef {null | boolean | number | bigint | string | Json[] | { [key: string]: Json }} Json */
/** @typedef {{ [key: string]: Json }} JsonObject */

/** A line that is not spelt as this format spells it. */
export class NotCanonical extends Error {}

/**
 * The object of a canonical line, without its line feed. Integers beyond 2^53 are BigInt. Throws NotCanonical.
 * @param {Uint8Array} line @returns {JsonObject}
 */
export const canonicalObject = (line) => canonicalParts(line).value;

/**
 * The same, with the bytes-for-bytes text of each member of the outermost object.
 * @param {Uint8Array} line @returns {{ value: JsonObject, parts: Map<string, string> }}
 */
export function canonicalParts(line) {
  let source;
  try {
    source = text(line);
  } catch {
    throw new NotCanonical("not UTF-8");
  }
  const scanner = new Scanner(source);
  if (source[0] !== "{") throw scanner.refusal("not an object");
  const value = scanner.object(0);
  if (scanner.at !== source.length) throw scanner.refusal("more than one value");
  return { value, parts: scanner.parts };
}

/** True when `one` stands before `other` by code point (UTF-16 order is another above U+FFFF). */
/** @param {string} one @param {string} other */
export function before(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    if (one[at] !== other[at]) {
      return Number(one.codePointAt(at)) < Number(other.codePointAt(at));
    }
  }
  return one.length < other.length;
}

class Scanner {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
    this.at = 0;
    /** @type {Map<string, string>} */
    this.parts = new Map();
  }

  /** @param {string} why */
  refusal(why) {
    return new NotCanonical(`${why} (${this.at})`);
  }

  /** @param {number} depth @returns {Json} */
  value(depth) {
    const char = this.source[this.at];
    if (char === '"') return this.string();
    if (char === "{") return this.object(depth);
    if (char === "[") return this.array(depth);
    if (char === "t") return this.word("true", true);
    if (char === "f") return this.word("false", false);
    if (char === "n") return this.word("null", null);
    return this.integer();
  }

  /** @param {number} depth @returns {JsonObject} */
  object(depth) {
    this.descend(depth);
    // Without a prototype, `__proto__` is a key like any other.
    /** @type {JsonObject} */
    const out = Object.create(null);
    /** @type {string | null} */
    let last = null;
    this.at++;
    if (this.source[this.at] === "}") {
      this.at++;
      return out;
    }
    for (;;) {
      const key = this.string();
      if (last !== null && !before(last, key)) throw this.refusal("keys not sorted, or one twice");
      last = key;
      this.expect(":");
      const start = this.at;
      out[key] = this.value(depth + 1);
      if (depth === 0) this.parts.set(key, this.source.slice(start, this.at));
      if (this.source[this.at] !== ",") break;
      this.at++;
    }
    this.expect("}");
    return out;
  }

  /** @param {number} depth @returns {Json[]} */
  array(depth) {
    this.descend(depth);
    /** @type {Json[]} */
    const out = [];
    this.at++;
    if (this.source[this.at] === "]") {
      this.at++;
      return out;
    }
    for (;;) {
      out.push(this.value(depth + 1));
      if (this.source[this.at] !== ",") break;
      this.at++;
    }
    this.expect("]");
    return out;
  }

  /** @param {number} depth */
  descend(depth) {
    if (depth >= DEPTH) throw this.refusal("nested too deep");
  }

  string() {
    const spelt = this.match(STRING, "not a string");
    const inside = spelt.slice(1, -1);
    return inside.includes("\\") ? /** @type {string} */ (JSON.parse(spelt)) : inside;
  }

  integer() {
    const spelt = this.match(INTEGER, "not an integer");
    if (spelt === "-0") throw this.refusal("-0");
    const number = Number(spelt);
    return Number.isSafeInteger(number) ? number : BigInt(spelt);
  }

  /** @template {boolean | null} T @param {string} spelt @param {T} value @returns {T} */
  word(spelt, value) {
    if (!this.source.startsWith(spelt, this.at)) throw this.refusal("not a value");
    this.at += spelt.length;
    return value;
  }

  /** @param {RegExp} pattern @param {string} why */
  match(pattern, why) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (!found) throw this.refusal(why);
    this.at = pattern.lastIndex;
    return found[0];
  }

  /** @param {string} char */
  expect(char) {
    if (this.source[this.at] !== char) throw this.refusal(`no ${char}`);
    this.at++;
  }
}

/** A count or a number of the format: an integer from 0, of 15 digits at most. @param {Json | undefined} value @returns {value is number} */
export const isCount = (value) => typeof value === "number" && value >= 0 && value < 1e15;

/** @param {Json | undefined} value @returns {value is JsonObject} */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {Json | undefined} value @returns {JsonObject[]} */
export const objects = (value) => (Array.isArray(value) ? value.filter(isObject) : []);
