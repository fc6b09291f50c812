/** ASN.1 as time-stamps use it (X.690: DER, and BER of indefinite length), read without a copy: there are ten thousands in a year. */

/** @typedef {{ tag: number, raw: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>, nested: Block[] | null }} Block
 *   raw: with its header; content: without; nested: what it holds, where that had to be read to find its end */

export const INTEGER = 0x02;
export const OCTETS = 0x04;
export const SEQUENCE = 0x30;
export const SET = 0x31;
const OBJECT_IDENTIFIER = 0x06;
const CONSTRUCTED = 0x20;
const GENERALIZED_TIME = 0x18;

/** The block that bytes are, no more and no less. Throws Error. @param {Uint8Array<ArrayBuffer>} bytes */
export function whole(bytes) {
  const found = block(bytes, 0);
  if (found.raw.length !== bytes.length) throw new Error("not DER");
  return found;
}

/** What a block holds; nothing where it is none, or holds no blocks. Throws Error. @param {Block | undefined} one @returns {Block[]} */
export function parts(one) {
  if (!one || !(one.tag & CONSTRUCTED)) return [];
  if (one.nested) return one.nested;
  const out = [];
  for (let at = 0; at < one.content.length; at += out[out.length - 1].raw.length) out.push(block(one.content, at));
  return (one.nested = out);
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {number} at @returns {Block} */
function block(bytes, at) {
  const tag = bytes[at];
  let length = bytes[at + 1];
  let from = at + 2;
  if (length === undefined || (tag & 0x1f) === 0x1f) throw new Error("not DER");
  if (length === 0x80) return unending(bytes, at, tag);
  if (length > 0x80) {
    const more = length - 0x80;
    if (more > 4) throw new Error("not DER");
    length = bytes.subarray(from, from + more).reduce((all, byte) => all * 256 + byte, 0);
    from += more;
  }
  if (from + length > bytes.length) throw new Error("not DER");
  return { tag, raw: bytes.subarray(at, from + length), content: bytes.subarray(from, from + length), nested: null };
}

/** A block that ends with two zeros. @param {Uint8Array<ArrayBuffer>} bytes @param {number} at @param {number} tag @returns {Block} */
function unending(bytes, at, tag) {
  if (!(tag & CONSTRUCTED)) throw new Error("not DER");
  const nested = [];
  let to = at + 2;
  for (; bytes[to] !== 0 || bytes[to + 1] !== 0; to += nested[nested.length - 1].raw.length) nested.push(block(bytes, to));
  return { tag, raw: bytes.subarray(at, to + 2), content: bytes.subarray(at + 2, to), nested };
}

/** An object identifier with dots; empty where it is none. @param {Block | undefined} one */
export function oid(one) {
  if (one?.tag !== OBJECT_IDENTIFIER || !one.content.length) return "";
  /** @type {number[]} */
  const arcs = [];
  let arc = 0;
  for (const byte of one.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const first = Math.min(2, Math.floor(arcs[0] / 40));
  return [first, arcs[0] - 40 * first, ...arcs.slice(1)].join(".");
}

/** The bytes of an octet string, in one piece or several; null where it is none. @param {Block | undefined} one
 * @returns {Uint8Array<ArrayBuffer> | null} */
export function octets(one) {
  if (one?.tag === OCTETS) return one.content;
  if (one?.tag !== (OCTETS | CONSTRUCTED)) return null;
  return Uint8Array.from(parts(one).flatMap((piece) => [...(octets(piece) ?? [])]));
}

/** A number from 0 on. @param {Block | undefined} one */
export const number = (one) => (one ? one.content.reduce((all, byte) => all * 256 + byte, 0) : NaN);

/** A time as its text; empty where it is none. @param {Block | undefined} one */
export const time = (one) => (one?.tag === GENERALIZED_TIME ? String.fromCharCode(...one.content) : "");
