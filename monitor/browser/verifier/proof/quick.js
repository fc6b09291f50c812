/**
 * The stamps of a signer of whom one was verified entirely: of the others, only what differs is looked at. What is not
 * accepted here is no finding: it is verified entirely in its turn, and refused there or not.
 */

import { bytesToHex, equal, sha256 } from "./bytes.js";
import { octets, oid, parts, SET, whole } from "./der.js";

/** @typedef {import("./stamps.js").Token} Token @typedef {import("./stamps.js").Chain} Chain */
/** @typedef {{ chain: Chain, key: Promise<CryptoKey | null> }} Signer */
/** @typedef {{ curve: boolean, hash: string }} Way */
/**
 * What a SignedData says. alike: all that is the same in every stamp of a signer, as bytes; signed: what is signed.
 * @typedef {{ alike: string, signed: Uint8Array<ArrayBuffer>, digest: Uint8Array, signature: Uint8Array<ArrayBuffer>, way: Way }} Parts
 */

const HASHES = /** @type {{ [oid: string]: string }} */ ({
  "2.16.840.1.101.3.4.2.1": "SHA-256", "2.16.840.1.101.3.4.2.2": "SHA-384", "2.16.840.1.101.3.4.2.3": "SHA-512",
});
/** Signature algorithms, and the digest each names. @type {{ [oid: string]: { curve: boolean, hash: string | null } }} */
const WAYS = {
  "1.2.840.113549.1.1.1": { curve: false, hash: null },
  "1.2.840.113549.1.1.11": { curve: false, hash: "SHA-256" },
  "1.2.840.113549.1.1.12": { curve: false, hash: "SHA-384" },
  "1.2.840.113549.1.1.13": { curve: false, hash: "SHA-512" },
  "1.2.840.10045.4.3.2": { curve: true, hash: "SHA-256" },
  "1.2.840.10045.4.3.3": { curve: true, hash: "SHA-384" },
};
const CURVES = /** @type {{ [oid: string]: { name: string, bytes: number } }} */ ({
  "1.2.840.10045.3.1.7": { name: "P-256", bytes: 32 }, "1.3.132.0.34": { name: "P-384", bytes: 48 },
});
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";

export class Quick {
  constructor() {
    /** @type {Map<string, Signer[]>} */
    this.signers = new Map();
  }

  /** The path of a stamp that holds; null where it must be looked at entirely. @param {Token} token @param {string} sent */
  async path(token, sent) {
    const parts = this.signers.size ? partsOf(token.signed, sent) : null;
    const known = parts && this.signers.get(parts.alike);
    const found = known?.find(({ chain: { since, until } }) => since <= token.at && token.at <= until);
    const key = await found?.key;
    if (!parts || !found || !key || !equal(await digestOf(parts.way.hash, token.info), parts.digest)) return null;
    const curve = key.algorithm.name === "ECDSA";
    const signature = curve ? halves(parts.signature, key) : parts.signature;
    if (curve !== parts.way.curve || !signature) return null;
    const how = curve ? { name: "ECDSA", hash: parts.way.hash } : "RSASSA-PKCS1-v1_5";
    return (await crypto.subtle.verify(how, key, signature, parts.signed)) ? found.chain.path : null;
  }

  /** A stamp that was verified entirely. @param {Token} token @param {string} sent @param {Chain} chain */
  learn(token, sent, chain) {
    const parts = partsOf(token.signed, sent);
    if (!parts) return;
    const known = this.signers.get(parts.alike) ?? [];
    if (known.some((one) => one.chain === chain)) return;
    this.signers.set(parts.alike, [...known, { chain, key: keyOf(chain.path[0], parts.way) }]);
  }
}

/** @param {string} hash @param {Uint8Array<ArrayBuffer>} data */
export async function digestOf(hash, data) {
  return hash === "SHA-256" ? sha256(data) : new Uint8Array(await crypto.subtle.digest(hash, data));
}

/** Null where it is put together otherwise than usual. @param {import("./der.js").Block} signed @param {string} sent @returns {Parts | null} */
function partsOf(signed, sent) {
  const about = parts(signed);
  const infos = about[about.length - 1];
  const [one, ...others] = parts(infos);
  const [version, name, algorithm, attributes, way, value, ...more] = parts(one);
  const signature = octets(value);
  if (others.length || more.length || attributes?.tag !== 0xa0 || !signature) return null;
  const told = WAYS[oid(parts(way)[0])];
  const hash = HASHES[oid(parts(algorithm)[0])];
  if (!told || !hash || (told.hash ?? hash) !== hash) return null;
  const alike = [about[0], about[1], parts(about[2])[0], version, name, algorithm, way];
  let digest = null;
  for (const attribute of parts(attributes)) {
    const [type, values] = parts(attribute);
    const name = oid(type);
    if (name === MESSAGE_DIGEST && digest) return null;
    if (name === MESSAGE_DIGEST) digest = octets(parts(values)[0]);
    else if (name !== SIGNING_TIME) alike.push(attribute);
  }
  if (!digest) return null;
  const raw = Uint8Array.from(attributes.raw);
  raw[0] = SET;
  return {
    alike: `${sent} ${[...about, ...parts(about[2]), ...parts(one)].map(({ tag }) => tag)} ${alike.map((block) => bytesToHex(block.raw)).join(" ")}`, signed: raw, digest, signature,
    way: { curve: told.curve, hash },
  };
}

/** The key of a certificate, null where WebCrypto takes none such. @param {import("pkijs").Certificate} one @param {Way} way */
async function keyOf({ subjectPublicKeyInfo: info }, { curve, hash }) {
  const named = CURVES[String(/** @type {any} */ (info.algorithm.algorithmParams)?.valueBlock)];
  if (curve && !named) return null;
  const how = curve ? { name: "ECDSA", namedCurve: named.name } : { name: "RSASSA-PKCS1-v1_5", hash };
  return crypto.subtle.importKey("spki", info.toSchema().toBER(), how, false, ["verify"]).catch(() => null);
}

/** A signature by a curve as WebCrypto takes it: two numbers of one length. @param {Uint8Array<ArrayBuffer>} der @param {CryptoKey} key */
function halves(der, key) {
  const { namedCurve } = /** @type {EcKeyAlgorithm} */ (key.algorithm);
  const bytes = Object.values(CURVES).find(({ name }) => name === namedCurve)?.bytes ?? 0;
  const numbers = parts(whole(der)).map(({ content }) => content);
  if (numbers.length !== 2) return null;
  const out = new Uint8Array(2 * bytes);
  for (const [at, number] of numbers.entries()) {
    const least = number.subarray(number.findIndex((byte) => byte !== 0));
    if (least.length > bytes) return null;
    out.set(least, (at + 1) * bytes - least.length);
  }
  return out;
}
