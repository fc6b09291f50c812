/**
 * Time-stamps of RFC 3161, read and verified with PKI.js as `openssl ts -verify -attime` does: against the roots pinned
 * for one authority, as of the stamp's own time. What openssl asks beyond PKI.js is asked here: the ESS signing
 * certificate (RFC 5035), and the purpose of the signer's certificate (RFC 3161, 2.3).
 */

import * as asn1js from "asn1js";
import {
  Certificate, CertificateChainValidationEngine, CertificateRevocationList, ExtKeyUsage, Extension, QCStatements,
  SignedData,
} from "pkijs";
import { base64, bytesToHex, equal, sha256 } from "./bytes.js";
import { INTEGER, number, octets, oid, parts, SEQUENCE, time, whole } from "./der.js";
import { digestOf, Quick } from "./quick.js";

const HASHES = /** @type {{ [oid: string]: string }} */ ({
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
});
const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const ESS = "1.2.840.113549.1.9.16.2.12";
const ESS_V2 = "1.2.840.113549.1.9.16.2.47";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const KEY_USAGE = "2.5.29.15";
const REASON = "2.5.29.21";
const QC_STATEMENTS = "1.3.6.1.5.5.7.1.3";
const QUALIFIED = "0.4.0.19422.1.1"; // esi4-qtstStatement-1, ETSI EN 319 422, 9.1
const LONGEST = 6; // certificates below a root
const OLD_STAMPS_HOLD = [0, 3, 4, 5]; // RFC 3161, 4: unspecified, affiliation, superseded, cessation

/** @typedef {import("./der.js").Block} Block */
/**
 * A stamp as it says itself. at: microseconds since 1970; accuracy: microseconds, 0 where none is stated.
 * @typedef {{ at: number, accuracy: number, policy: string, qualified: boolean, imprint: Uint8Array<ArrayBuffer>,
 *   hash: string, info: Uint8Array<ArrayBuffer>, signed: Block }} Token info: the bytes signed; signed: the SignedData
 * @typedef {{ path: Certificate[], since: number, until: number }} Chain
 * @typedef {{ root: string, revoked: null | "before" | "after" }} Held
 */

/**
 * What a response says, unverified. Throws Error. Not by the schemas of PKI.js, which take most of the time of a stamp:
 * there are tens of thousands in a year.
 * @param {Uint8Array<ArrayBuffer>} reply @returns {Token}
 */
export function readToken(reply) {
  const [status, token] = parts(whole(reply));
  const granted = number(parts(status)[0]);
  const [kind, wrapped] = parts(token);
  const signed = parts(wrapped)[0];
  if ((granted !== 0 && granted !== 1) || oid(kind) !== SIGNED_DATA || !signed) throw new Error("nothing is granted");
  const [type, content] = parts(parts(signed)[2]);
  const info = octets(parts(content)[0]);
  if (oid(type) !== TST_INFO || !info) throw new Error("no time-stamp in it");
  const [, policy, imprint, , at, ...more] = parts(whole(info));
  const [algorithm, digest] = parts(imprint);
  const hash = HASHES[oid(parts(algorithm)[0])];
  const said = octets(digest);
  if (!hash || !said) throw new Error("an unknown digest");
  return {
    at: genTime(time(at)),
    accuracy: accuracyOf(more.find((one) => one.tag === SEQUENCE)),
    policy: oid(policy),
    qualified: more.some(saysQualified),
    imprint: said,
    hash,
    info,
    signed,
  };
}

/** genTime to the microsecond: a Date keeps milliseconds only. @param {string} spelt */
function genTime(spelt) {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(spelt);
  if (!match) throw new Error("genTime is spelt otherwise");
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + Number((match[7] ?? "").padEnd(6, "0").slice(0, 6));
}

/** Seconds, then milliseconds `[0]` and microseconds `[1]` (RFC 3161, 2.4.2). @param {Block | undefined} block */
function accuracyOf(block) {
  return parts(block).reduce((sum, one) => sum + (one.tag === INTEGER ? 1e6 : one.tag & 1 ? 1 : 1e3) * number(one), 0);
}

/** Whether the extensions `[1]` hold the statement. @param {Block} block */
function saysQualified(block) {
  if (block.tag !== 0xa1) return false;
  return parts(block).some((one) => {
    const { extnID, parsedValue } = new Extension({ schema: asn1js.fromBER(one.raw).result });
    return extnID === QC_STATEMENTS && parsedValue instanceof QCStatements && parsedValue.values.some(({ id }) => id === QUALIFIED);
  });
}

/** One authority's certificates, as the folder encloses them. */
export class Authority {
  /** @param {Uint8Array<ArrayBuffer>[]} roots @param {Uint8Array<ArrayBuffer>[]} untrusted @param {Uint8Array<ArrayBuffer>[]} crls PEM */
  constructor(roots, untrusted, crls) {
    this.roots = roots.flatMap((pem) => ders(pem, "CERTIFICATE")).flatMap(certificate);
    this.untrusted = untrusted.flatMap((pem) => ders(pem, "CERTIFICATE")).flatMap(certificate);
    this.crls = crls.flatMap((pem) => ders(pem, "X509 CRL")).flatMap(revocationList);
    /** @type {Map<string, Chain[]>} */
    this.chains = new Map();
    this.quick = new Quick();
  }

  /**
   * Verify a response over `data`. Throws Error with the reason.
   * @param {Token} token @param {Uint8Array<ArrayBuffer>} data @returns {Promise<Held>}
   */
  async verify(token, data) {
    if (!(await this.stamps(token, data))) throw new Error("not the stamp of these sums");
    const sent = sentWith(token.signed);
    const path = await this.quick.path(token, sent);
    if (path) return { root: await fingerprint(path[path.length - 1]), revoked: await this.revoked(path, token.at) };
    const signed = new SignedData({ schema: asn1js.fromBER(token.signed.raw).result });
    if (signed.signerInfos.length !== 1) throw new Error("not one signer");
    const inside = (signed.certificates ?? []).filter((one) => one instanceof Certificate);
    signed.certificates = [...inside, ...this.untrusted];
    const attributes = signed.signerInfos[0].signedAttrs?.attributes ?? [];
    const type = attributes.find((one) => one.type === CONTENT_TYPE)?.values[0];
    if (type?.valueBlock.toString() !== TST_INFO) throw new Error("not signed as a time-stamp");
    const done = await signed.verify({ signer: 0, data: data.buffer, checkChain: false, extendedMode: true });
    const leaf = done.signerCertificate;
    if (!done.signatureVerified || !leaf) throw new Error("signature");
    serves(leaf);
    const others = signed.certificates.filter((one) => one instanceof Certificate);
    const chain = await this.chain(leaf, others, sent, token.at);
    await named(attributes, chain.path);
    this.quick.learn(token, sent, chain);
    return { root: await fingerprint(chain.path[chain.path.length - 1]), revoked: await this.revoked(chain.path, token.at) };
  }

  /** Whether the stamp is over these bytes. @param {Token} token @param {Uint8Array<ArrayBuffer>} data */
  async stamps({ hash, imprint }, data) {
    return equal(await digestOf(hash, data), imprint);
  }

  /**
   * The path from a signer to a pinned root, as of a time. One that was found serves for all stamps within its dates that
   * come with the same certificates.
   * @param {Certificate} leaf @param {Certificate[]} others @param {string} sent digest of those that came with it
   * @param {number} at @returns {Promise<Chain>}
   */
  async chain(leaf, others, sent, at) {
    const name = `${await fingerprint(leaf)} ${sent}`;
    const known = this.chains.get(name) ?? [];
    const found = known.find(({ since, until }) => since <= at && at <= until);
    if (found) return found;
    const path = await this.validPath(leaf, others, at);
    lengths(path);
    const chain = {
      path,
      since: Math.max(...path.map((one) => one.notBefore.value.getTime() * 1000)),
      until: Math.min(...path.map((one) => one.notAfter.value.getTime() * 1000)),
    };
    this.chains.set(name, [...known, chain]);
    return chain;
  }

  /**
   * PKI.js gives up where any certificate at hand has no issuer here (an authority sends its root signed by an older one
   * besides), so it is shown one possible path at a time. Throws Error.
   * @param {Certificate} leaf @param {Certificate[]} others @param {number} at @returns {Promise<Certificate[]>}
   */
  async validPath(leaf, others, at) {
    // The second, as openssl's -attime has it.
    const checkDate = new Date(Math.floor(at / 1e6) * 1000);
    let why = "no path to a root";
    for (const [root, ...below] of this.paths([leaf], others)) {
      const engine = new CertificateChainValidationEngine({ trustedCerts: [root], certs: below, crls: [], checkDate });
      const result = await engine.verify();
      if (result.result && result.certificatePath) return result.certificatePath;
      why = result.resultMessage || why;
    }
    throw new Error(why);
  }

  /** Every path by names, from a root down to the signer. @param {Certificate[]} below @param {Certificate[]} others
   * @returns {Generator<Certificate[]>} */
  *paths(below, others) {
    const issued = (/** @type {Certificate} */ one) => one.subject.isEqual(below[0].issuer);
    for (const root of this.roots.filter(issued)) yield [root, ...below];
    if (below.length >= LONGEST) return;
    for (const one of others.filter(issued)) if (!below.includes(one)) yield* this.paths([one, ...below], others);
  }

  /** Whether an enclosed list, signed by the issuer, names the signer. @param {Certificate[]} path @param {number} at */
  async revoked([leaf, issuer], at) {
    for (const crl of this.crls) {
      if (!crl.issuer.isEqual(leaf.issuer) || !(await crl.verify({ issuerCertificate: issuer }).catch(() => false))) continue;
      const entry = (crl.revokedCertificates ?? []).find((one) => one.userCertificate.isEqual(leaf.serialNumber));
      if (!entry) continue;
      if (entry.revocationDate.value.getTime() * 1000 <= at) return "before";
      const reason = entry.crlEntryExtensions?.extensions.find((one) => one.extnID === REASON)?.parsedValue;
      if (!OLD_STAMPS_HOLD.includes(Number(reason?.valueBlock?.valueDec ?? -1))) return "after";
    }
    return null;
  }
}

/** What a certificate is known by, made once: writing it anew takes longer than its signature. @type {WeakMap<Certificate, Map<string, Promise<string>>>} */
const digests = new WeakMap();

/** Digest of a certificate. @param {string} hash @param {Certificate} one @returns {Promise<string>} */
function certificateDigest(hash, one) {
  const known = digests.get(one) ?? new Map();
  digests.set(one, known);
  if (!known.has(hash)) {
    known.set(hash, crypto.subtle.digest(hash, one.toSchema().toBER()).then((raw) => bytesToHex(new Uint8Array(raw))));
  }
  return known.get(hash);
}

/** SHA-256 of a certificate. @param {Certificate} one */
export const fingerprint = (one) => certificateDigest("SHA-256", one);

/** The signer's certificate is for time-stamping and nothing else. Throws Error. @param {Certificate} leaf */
function serves(leaf) {
  const usage = leaf.extensions?.find((one) => one.extnID === EXTENDED_KEY_USAGE);
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : [];
  if (!usage?.critical || purposes.length !== 1 || purposes[0] !== TIME_STAMPING) throw new Error("not for time-stamps");
  const bits = leaf.extensions?.find((one) => one.extnID === KEY_USAGE)?.parsedValue?.valueBlock?.valueHexView?.[0];
  // digitalSignature and nonRepudiation are the two highest bits.
  if (bits !== undefined && (bits & 0x3f || !(bits & 0xc0))) throw new Error("its key is for something else");
}

/** No authority below one that allows none (RFC 5280, 4.2.1.9), which PKI.js does not look at. @param {Certificate[]} path */
function lengths(path) {
  path.forEach((one, at) => {
    const most = one.extensions?.find((each) => each.extnID === "2.5.29.19")?.parsedValue?.pathLenConstraint;
    const below = path.slice(1, at).filter((each) => !each.issuer.isEqual(each.subject)).length;
    if (at > 0 && typeof most === "number" && below > most) throw new Error("a path longer than allowed");
  });
}

/** The signed attributes name the signer's certificate first, and no other but those of its path. Throws Error. */
/** @param {import("pkijs").Attribute[]} attributes @param {Certificate[]} path */
async function named(attributes, path) {
  const ids = attributes.flatMap(({ type, values }) => {
    if (type !== ESS && type !== ESS_V2) return [];
    return [children(children(values[0])[0]).map((id) => identifier(id, type === ESS ? "SHA-1" : "SHA-256"))];
  });
  if (!ids.length || ids.some((list) => !list.length)) throw new Error("it names no certificate");
  for (const list of ids) {
    for (const [at, { hash, digest }] of list.entries()) {
      const told = await Promise.all((at === 0 ? path.slice(0, 1) : path).map((one) => certificateDigest(hash, one)));
      if (!told.includes(bytesToHex(digest))) throw new Error("it names another certificate");
    }
  }
}

/** Digest of the certificates that a SignedData `[0]` brings along. @param {Block} signed */
function sentWith(signed) {
  const sent = parts(signed).find(({ tag }) => tag === 0xa0);
  return sent ? bytesToHex(sha256(sent.raw)) : "";
}

/** @param {any} block @returns {any[]} */
const children = (block) => (Array.isArray(block?.valueBlock?.value) ? block.valueBlock.value : []);

/** ESSCertID or ESSCertIDv2. @param {any} block @param {string} usual */
function identifier(block, usual) {
  const parts = children(block);
  const stated = parts[0] instanceof asn1js.Sequence ? children(parts.shift())[0]?.valueBlock.toString() : null;
  const hash = stated ? HASHES[stated] : usual;
  if (!hash || !(parts[0] instanceof asn1js.OctetString)) throw new Error("it names no certificate");
  return { hash, digest: new Uint8Array(parts[0].valueBlock.valueHexView) };
}

/** @param {Uint8Array} pem @param {string} label @returns {Uint8Array<ArrayBuffer>[]} */
function ders(pem, label) {
  const pattern = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, "g");
  return [...new TextDecoder("latin1").decode(pem).matchAll(pattern)].flatMap((match) => {
    try {
      return [base64(match[1].replace(/\s+/g, ""))];
    } catch {
      return [];
    }
  });
}

/** @param {Uint8Array<ArrayBuffer>} raw */
function certificate(raw) {
  try {
    return [Certificate.fromBER(raw.buffer)];
  } catch {
    return [];
  }
}

/** @param {Uint8Array<ArrayBuffer>} raw */
function revocationList(raw) {
  try {
    return [CertificateRevocationList.fromBER(raw.buffer)];
  } catch {
    return [];
  }
}
