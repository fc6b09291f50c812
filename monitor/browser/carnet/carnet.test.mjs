/** Parts of the diary that need no browser. What needs one is tried in tests/browser. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, opened, packed, sha256 } from "./archive.js";
import { dated, fromName } from "./dates.js";
import { figures, week } from "./figures.js";

test("weeks are those of ISO 8601", () => {
  assert.deepEqual(["2026-01-01", "2027-01-01", "2020-12-31", "2024-12-30", "2026-11-30"].map(week),
    ["2026-1", "2026-53", "2020-53", "2025-1", "2026-49"]);
});

test("figures count failed attempts alone", () => {
  const list = [["2026-03-02T09:00:00", "no_slot"], ["2026-03-02T10:00:00", "no_slot"], ["2026-03-12T09:00:00", "attempt"], ["2026-04-01T09:00:00", "slot_offered"]];
  assert.deepEqual(figures(list.map(([at, kind]) => ({ at, kind }))), { attempts: 3, days: 2, weeks: 2, span: 10, gap: 10 });
});

test("a name bears its day and hour, and no day that is none", () => {
  assert.equal(fromName("Screenshot_20261102-091400.png"), "2026-11-02T09:14:00");
  assert.equal(fromName("IMG-20261102-WA0007.jpg"), "2026-11-02");
  assert.equal(fromName("Capture d’écran 2026-11-02 à 9.14.05.png"), "2026-11-02T09:14:05");
  assert.equal(fromName("20269931_101112.png"), "");
  assert.equal(fromName("photo.png"), "");
});

test("a file chosen a moment ago has no date of its own", () => {
  assert.deepEqual(dated({ name: "photo.png", lastModified: 1_000_000 }, new Uint8Array(4), 1_030_000), { at: "", source: "stated" });
});

test("the file of a diary is read again, and a changed picture is not", async () => {
  const bytes = new TextEncoder().encode("picture");
  const entry = {
    sha256: await sha256(bytes), name: "a.png", type: "image/png", bytes: 7, file_modified_ms: 1, added_ms: 2, at: "2026-11-02T09:14:00",
    date_source: /** @type {const} */ ("stated"), kind: "no_slot", prefecture: "92", procedure: "renewal", address: "", sentence: "« Aucun »",
  };
  const about = { now: 1_764_500_000_000, zone: "Europe/Paris", browser: { product: "Firefox", major: "153" }, version: "1" };
  const zip = await packed([entry], async () => bytes, about);
  assert.deepEqual(await opened(zip), [{ entry, bytes }]);
  const at = new TextDecoder("latin1").decode(zip).indexOf("picture");
  const changed = zip.slice();
  changed[at] ^= 1;
  await assert.rejects(opened(changed));
});

test("canonical JSON is that of the record", () => {
  assert.equal(canonical({ b: [1, "é"], a: { z: null, "é": true } }), '{"a":{"z":null,"é":true},"b":[1,"é"]}');
});
