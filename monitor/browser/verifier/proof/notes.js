/** C2SP signed notes and checkpoints, and the Ed25519 signatures under them. Nothing is believed before `signer`. */

import * as noble from "@noble/ed25519";
import { base64, bytesToHex, concat, sha256, utf8 } from "./bytes.js";

const LONGEST = 16_384;
const NAME = /^[^\s+]+$/u;
const SIZE = /^(?:0|[1-9][0-9]{0,14})$/; // 15 digits: a number every reader holds exactly
const ED25519 = 1;
const COSIGNATURE = 4; // cosignature/v1 of C2SP tlog-cosignature: over the time and the text
const LAST = 253_402_300_799n; // the last second of the year 9999
const SPKI = "302a300506032b6570032100";

/** @typedef {{ name: string, id: string, public: Uint8Array<ArrayBuffer> }} NoteKey a key and the name it signs under */
/** @typedef {{ text: string, signatures: { name: string, id: string, signature: Uint8Array<ArrayBuffer> }[] }} Note */
/** @typedef {{ origin: string, size: number, root: string, next: NoteKey | null, sweeps: string[] }} Head */

/** @param {string} name @param {Uint8Array<ArrayBuffer>} key @param {number} type @returns {NoteKey} */
export function noteKey(name, key, type = ED25519) {
  const id = sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), key)).slice(0, 4);
  return { name, id: bytesToHex(id), public: key };
}

/** The 32 bytes of an Ed25519 key in PEM, null for another key. @param {string} pem */
export function publicKey(pem) {
  const match = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END PUBLIC KEY-----\s*$/.exec(pem);
  if (!match) return null;
  try {
    const der = base64(match[1].replace(/\s+/g, ""));
    return der.length === 44 && bytesToHex(der).startsWith(SPKI) ? der.slice(12) : null;
  } catch {
    return null;
  }
}

/** Throws Error for anything but a signed note. @param {string} source @returns {Note} */
export function parseNote(source) {
  if (utf8(source).length > LONGEST) throw new Error("too long");
  if (/[\x00-\x09\x0b-\x1f]/.test(source)) throw new Error("control character");
  const cut = source.lastIndexOf("\n\n");
  const tail = source.slice(cut + 2);
  if (cut < 0 || !tail.endsWith("\n")) throw new Error("no signature lines");
  return { text: source.slice(0, cut + 1), signatures: tail.slice(0, -1).split("\n").map(signatureLine) };
}

/** @param {string} line */
function signatureLine(line) {
  const [dash, name, spelt, ...more] = line.split(" ");
  if (dash !== "\u2014" || more.length || !NAME.test(name ?? "")) throw new Error("not a signature line");
  const raw = base64(spelt ?? "");
  if (raw.length < 5) throw new Error("not a signature line");
  return { name, id: bytesToHex(raw.slice(0, 4)), signature: raw.slice(4) };
}

/** The tree head in a note's text. Throws Error. @param {string} source @returns {Head} */
export function parseHead(source) {
  const lines = source.split("\n");
  if (lines.length < 4 || lines.pop() !== "" || lines.includes("") || !SIZE.test(lines[1])) throw new Error("no head");
  const root = base64(lines[2]);
  if (root.length !== 32) throw new Error("the root is 32 bytes");
  const next = lines.slice(3).filter((line) => line.startsWith("next-key "));
  if (next.length > 1) throw new Error("two next keys");
  return {
    origin: lines[0],
    size: Number(lines[1]),
    root: bytesToHex(root),
    next: next.length ? verifierKey(next[0].slice(9)) : null,
    sweeps: lines.slice(3).filter((line) => line.startsWith("sweep ")),
  };
}

/** A witness's key. Throws Error. @param {string} source @returns {NoteKey} */
export const cosignerKey = (source) => verifierKey(source, COSIGNATURE);

/** `NAME+ID+BASE64`, where the base64 may hold a `+`. @param {string} source @param {number} type @returns {NoteKey} */
function verifierKey(source, type = ED25519) {
  const [name, id, ...rest] = source.split("+");
  const raw = base64(rest.join("+"));
  if (!NAME.test(name) || raw.length !== 33 || raw[0] !== type) throw new Error("not a verifier key");
  const key = noteKey(name, raw.slice(1), type);
  if (key.id !== id) throw new Error("the key id is not its own");
  return key;
}

/**
 * The first of `keys` that signed; null when none did, or when a line that claims one of them is false.
 * @param {Note} note @param {NoteKey[]} keys @returns {Promise<NoteKey | null>}
 */
export async function signer(note, keys) {
  let found = null;
  for (const line of note.signatures) {
    for (const key of keys) {
      if (line.name !== key.name || line.id !== key.id) continue;
      if (line.signature.length !== 64 || !(await verify(key.public, utf8(note.text), line.signature))) return null;
      found ??= key;
    }
  }
  return found;
}

/**
 * When that witness cosigned, POSIX seconds, by the latest of its lines; null when it did not, or when one is false.
 * @param {Note} note @param {NoteKey} key @returns {Promise<number | null>}
 */
export async function cosigned(note, key) {
  let latest = null;
  for (const { name, id, signature } of note.signatures) {
    if (name !== key.name || id !== key.id) continue;
    const seconds = signature.length === 72 ? new DataView(signature.buffer, signature.byteOffset).getBigUint64(0) : LAST + 1n;
    const message = utf8(`cosignature/v1\ntime ${seconds}\n${note.text}`);
    if (seconds > LAST || !(await verify(key.public, message, signature.slice(8)))) return null;
    latest = Math.max(latest ?? 0, Number(seconds));
  }
  return latest;
}

/** @type {Map<string, CryptoKey>} */
const imported = new Map();
/** @type {boolean | null} */
let native = null;

/** Which code checks Ed25519 here. @returns {Promise<"WebCrypto" | "noble-ed25519">} */
export async function ed25519() {
  if (native === null) {
    // A key pair is made for nothing: browsers that lack Ed25519 say so by refusing (Chromium < 137, Firefox < 129).
    native = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]).then(
      () => true,
      () => false,
    );
  }
  return native ? "WebCrypto" : "noble-ed25519";
}

/** @param {Uint8Array<ArrayBuffer>} key @param {Uint8Array<ArrayBuffer>} message @param {Uint8Array<ArrayBuffer>} signature */
async function verify(key, message, signature) {
  try {
    if ((await ed25519()) === "noble-ed25519") return await noble.verifyAsync(signature, message, key, { zip215: false });
    const name = bytesToHex(key);
    const known = imported.get(name) ?? (await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]));
    imported.set(name, known);
    return await crypto.subtle.verify({ name: "Ed25519" }, known, signature, message);
  } catch {
    return false; // not a point of the curve
  }
}
