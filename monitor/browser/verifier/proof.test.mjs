/** The parts under the page that a browser test reaches badly: spellings, ranges, the other Ed25519, real time-stamps. */

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bytesToHex, concat, instant, sha256, utf8 } from "./proof/bytes.js";
import { before, canonicalObject, NotCanonical } from "./proof/canonical.js";
import { leafHash, nodeHash, rangeRoot } from "./proof/merkle.js";
import { ed25519, noteKey, parseHead, parseNote, signer } from "./proof/notes.js";
import { Authority, readToken } from "./proof/stamps.js";
import { parseSums } from "./proof/sums.js";
import { spelt } from "./checks/planned.js";
import { Report } from "./checks/report.js";
import { Stamps } from "./checks/stamped.js";

const root = (/** @type {string} */ path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const bytes = (/** @type {string} */ path) => new Uint8Array(readFileSync(root(path)));

test("one spelling of an object is read, and written back the same", () => {
  for (const line of [
    "{}", '{"a":[],"b":{}}', '{"":0,"A":-1,"a":null,"é":true}', '{"10":1,"9":2}', '{"a":9007199254740993}',
    '{"a":"\\u001f\\b\\t\\n\\f\\r\\"\\\\/\u007f\u2028"}', '{"\uffff":1,"\u{10000}":2}', '{"__proto__":1,"constructor":2}',
  ]) assert.equal(spelt(canonicalObject(utf8(line))), line);
  for (const line of [
    "", "[]", "1", "{} ", " {}", '{"a": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', '{"a":1,}', '{"a":01}', '{"a":-0}', '{"a":1.0}',
    '{"a":1e3}', '{"a":1E3}', '{"a":+1}', '{"a":NaN}', '{"a":"\\/"}', '{"a":"\\u0041"}', '{"a":"\\u001F"}', '{"a":"\\u0009"}',
    '{"a":"\t"}', '{"a":"\\ud800"}', '{"a":tru}', '{"a"}', '{a:1}', "\ufeff{}", '{"\u{10000}":1,"\uffff":2}', '{"a":[1,]}',
  ]) assert.throws(() => canonicalObject(utf8(line)), NotCanonical, line);
  for (const raw of [[0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]]) {
    assert.throws(() => canonicalObject(Uint8Array.from(raw)), NotCanonical);
  }
  assert.throws(() => canonicalObject(utf8(`{"a":${"[".repeat(5000)}`)), NotCanonical);
  assert.equal(canonicalObject(utf8('{"a":9007199254740993}')).a, 9007199254740993n);
});

test("keys stand by code point, not by UTF-16 unit", () => {
  assert.ok(before("\uffff", "\u{10000}") && before("a", "aa") && before("", "a") && !before("a", "a"));
});

test("an instant has one spelling, and its day exists", () => {
  assert.equal(instant("2026-11-30T07:45:43.646696Z"), Date.UTC(2026, 10, 30, 7, 45, 43) * 1000 + 646696);
  for (const wrong of ["2026-11-30T07:45:43Z", "2026-02-30T00:00:00.000000Z", "2026-11-30T07:45:43.646696+00:00", 5, null]) {
    assert.equal(instant(wrong), null);
  }
});

test("every range of small trees leads to the root, and no other does", () => {
  for (let size = 0; size <= 9; size++) {
    const leaves = Array.from({ length: size }, (_, at) => leafHash(Uint8Array.of(at)));
    const whole = top(leaves);
    for (let from = 0; from <= size; from++) {
      for (let to = from; to <= size; to++) {
        const nodes = outside(leaves, 0, size, from, to);
        const given = leaves.slice(from, to);
        const made = rangeRoot(from, given, size, nodes);
        const right = from < to || size === 0 ? bytesToHex(whole) : null;
        assert.equal(made && bytesToHex(made), right, `${from} ${to} ${size}`);
        assert.equal(rangeRoot(from, given, size, [...nodes, whole]), null);
        if (nodes.length) assert.equal(rangeRoot(from, given, size, nodes.slice(1)), null);
      }
    }
    assert.equal(rangeRoot(size, [leafHash(Uint8Array.of(1))], size, []), null);
  }
});

/** @param {Uint8Array[]} leaves @returns {Uint8Array<ArrayBuffer>} */
function top(leaves) {
  if (!leaves.length) return sha256(new Uint8Array());
  if (leaves.length === 1) return sha256Copy(leaves[0]);
  const middle = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(top(leaves.slice(0, middle)), top(leaves.slice(middle)));
}

const sha256Copy = (/** @type {Uint8Array} */ hash) => concat(hash);

/** @param {Uint8Array[]} leaves @param {number} lo @param {number} hi @param {number} from @param {number} to @returns {Uint8Array[]} */
function outside(leaves, lo, hi, from, to) {
  if (lo === hi) return [];
  if (hi <= from || lo >= to) return [top(leaves.slice(lo, hi))];
  if (hi - lo === 1) return [];
  const middle = lo + 2 ** Math.ceil(Math.log2(hi - lo) - 1);
  return [...outside(leaves, lo, middle, from, to), ...outside(leaves, middle, hi, from, to)];
}

test("sums have one spelling", () => {
  const digest = "0".repeat(64);
  assert.equal(parseSums(`${digest}  a\n${digest}  b/c\n`).size, 2);
  for (const wrong of ["", `${digest}  a`, `${digest} *a\n`, `${digest}  b\n${digest}  a\n`, `${digest}  .a\n`, `${digest}  a/../b\n`,
    `${digest}  a\n${digest}  a\n`, `${digest.toUpperCase().replace(/0/g, "A")}  a\n`, `${digest}  a\r\n`]) {
    assert.throws(() => parseSums(wrong), wrong);
  }
});

test("a note is signed by a key, here and where the browser has no Ed25519", async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32));
  const key = noteKey("vigie.example/journal", raw);
  const body = `vigie.example/journal\n3\n${Buffer.alloc(32).toString("base64")}\n`;
  const made = Buffer.concat([Buffer.from(key.id, "hex"), sign(null, Buffer.from(body), privateKey)]).toString("base64");
  const note = parseNote(`${body}\n\u2014 vigie.example/journal ${made}\n`);
  const forged = parseNote(`${body.replace("3", "4")}\n\u2014 vigie.example/journal ${made}\n`);
  assert.equal(parseHead(note.text).size, 3);
  assert.equal(await ed25519(), "WebCrypto");
  assert.equal(await signer(note, [key]), key);
  assert.equal(await signer(forged, [key]), null);
  t.mock.method(crypto.subtle, "generateKey", () => Promise.reject(new Error("NotSupportedError")));
  const other = await import(`./proof/notes.js?${Math.random()}`);
  assert.equal(await other.ed25519(), "noble-ed25519");
  assert.equal(await other.signer(note, [key]), key);
  assert.equal(await other.signer(forged, [key]), null);
});

test("real time-stamps lead to the root shipped for their authority, and to no other", async () => {
  const shipped = readFileSync(root("monitor/data/authorities.toml"), "latin1").split(/^\[(\w+)\]$/m);
  const roots = new Map(["digicert", "sectigo"].map((name) => [name, utf8(shipped[shipped.indexOf(name) + 1])]));
  for (const [name, pem] of roots) {
    const reply = bytes(`tests/evidence/tokens/${name}.tsr`);
    const data = bytes(`tests/evidence/tokens/${name}.data`);
    const held = await new Authority([pem], [], []).verify(readToken(reply), data);
    assert.equal(held.revoked, null);
    await assert.rejects(new Authority([pem], [], []).verify(readToken(reply), utf8("autre")), /these sums/);
    const turned = reply.slice();
    turned[turned.length - 9] ^= 1;
    await assert.rejects(new Authority([pem], [], []).verify(readToken(turned), data));
    const others = [...roots].filter(([other]) => other !== name).map(([, one]) => one);
    await assert.rejects(new Authority(others, [], []).verify(readToken(reply), data), /no path/);
  }
});

test("a time-stamp without certificates is verified by those enclosed", async () => {
  const pem = bytes("tests/evidence/tokens/sigstage.pem");
  const reply = bytes("tests/evidence/tokens/sigstage-no-certificates.tsr");
  const held = await new Authority([pem], [pem], []).verify(readToken(reply), utf8("hello"));
  assert.equal(held.root.length, 64);
  await assert.rejects(new Authority([pem], [], []).verify(readToken(reply), utf8("hello")));
});

test("of a signer who is known, a stamp is refused like the first: another signature, attribute, time or digest", async () => {
  const pem = bytes("tests/evidence/tokens/sigstage.pem");
  const shipped = readFileSync(root("monitor/data/authorities.toml"), "latin1").split(/^\[(\w+)\]$/m);
  const real = ["digicert", "sectigo"].map((name) => ({
    roots: [utf8(shipped[shipped.indexOf(name) + 1])], untrusted: [], reply: bytes(`tests/evidence/tokens/${name}.tsr`),
    data: bytes(`tests/evidence/tokens/${name}.data`),
  }));
  const ours = { roots: [pem], untrusted: [pem], reply: bytes("tests/evidence/tokens/sigstage-no-certificates.tsr"), data: utf8("hello") };
  for (const { roots, untrusted, reply, data } of [...real, ours]) {
    const known = new Authority(roots, untrusted, []);
    const first = await known.verify(readToken(reply), data);
    assert.equal(known.quick.signers.size, 1);
    assert.deepEqual(await known.verify(readToken(reply), data), first);
    const [{ chain }] = [...known.quick.signers.values()].flat();
    assert.equal(await known.quick.path(readToken(reply), "certificates of another").then(Boolean), false);
    for (let at = 8; at < reply.length; at += at < 80 ? 3 : 61) {
      const turned = reply.slice();
      turned[at] ^= 1;
      const held = (/** @type {Authority} */ one) => Promise.resolve().then(() => one.verify(readToken(turned), data))
        .then(({ root: led }) => led, () => null);
      assert.equal(await held(known), await held(new Authority(roots, untrusted, [])), `byte ${at}`);
    }
    chain.until = chain.since - 1;
    assert.equal(await known.quick.path(readToken(reply), ""), null);
  }
});

test("every one of the time-stamps is verified, and what fails holds no more", async () => {
  const pem = bytes("tests/evidence/tokens/sigstage.pem");
  const reply = bytes("tests/evidence/tokens/sigstage-no-certificates.tsr");
  const turned = reply.slice();
  turned[turned.length - 9] ^= 1;
  const report = new Report();
  const all = new Stamps(/** @type {any} */ ({ authorities: new Map([["a", new Authority([pem], [pem], [])]]) }), report);
  for (let sweep = 1; sweep <= 200; sweep++) {
    const tsr = Buffer.from(sweep === 40 ? turned : reply).toString("base64");
    all.line(utf8(JSON.stringify({ authority: "a", sweep, tsr })), `stamps.jsonl:${sweep}`);
  }
  await all.verify(new Map(all.all.map(({ sweep }) => [sweep, utf8(sweep === 50 ? "autre" : "hello")])), new Set(), async () => {});
  assert.deepEqual([all.count, all.holding(40).length, all.holding(41).length], [198, 0, 1]);
  assert.deepEqual(report.findings.map(({ code, where }) => `${code} ${where}`).sort(), ["stamp sweep 000000040, a", "stamp sweep 000000050, a"]);
});
