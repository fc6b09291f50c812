/** What only presents the records, the table and the figures, held against them (docs/FORMAT.md, 4.10). */

import { text } from "../proof/bytes.js";
import { before, canonicalObject, isObject, objects } from "../proof/canonical.js";

/** @typedef {import("../proof/folder.js").Folder} Folder @typedef {import("./report.js").Report} Report */
/** @typedef {import("./observed.js").Shown} Shown @typedef {import("../proof/canonical.js").JsonObject} JsonObject */

const FIGURES = "figures.json";
const DAMAGED = "endommagée, non comptée";
const NUMBER = "Numéro";
const OFFSET = /^UTC([+-])(0\d|1[0-4]):([0-5]\d)$/;
const MINUTE = 60_000;
/** What each column says of a record. @type {{ [column: string]: (one: Shown) => string }} */
const PLACE = {
  "Numéro": ({ seq }) => String(seq),
  "Relevé": ({ sweep }) => String(sweep),
  "Contrôle": ({ check }) => check,
};
/** @type {typeof PLACE} */
const COLUMNS = {
  ...PLACE,
  "Démarche": ({ label }) => label,
  "Date et heure UTC": ({ started }) => `${started.slice(0, 10)} ${started.slice(11, 23)}`,
  "Classe": ({ reading }) => reading,
  "Détail": ({ detail }) => detail,
  "Phrase du site": ({ seen }) => seen,
  "Premier jour proposé": ({ firstDay }) => firstDay,
  "Adresse": ({ url }) => url,
  "Page lue": ({ readUrl }) => readUrl,
  "Identifiant de la visite": ({ id }) => id,
  "SHA-256 de l'observation": ({ digest }) => digest,
  "SHA-256 de la page": ({ page }) => page,
};
/** Columns that came later: compared where they stand. @type {typeof PLACE} */
const LATER = {
  "Auteur": () => "Relevé automatique sans intervention humaine",
  "Date et heure de Paris": ({ started }) => inParis(started),
  "Fin UTC": ({ finished }) => (finished ? `${finished.slice(0, 10)} ${finished.slice(11, 23)}` : ""),
  "Code HTTP": ({ status }) => status,
  "Heure du site (Date)": ({ serverDate }) => serverDate,
  "Titres des pages": ({ titles }) => titles,
};
const LOCAL = ["Date (heure légale)", "Heure légale", "Semaine ISO"];
const SHIFT = "Décalage";

/** @param {Folder} folder @param {Shown[]} shown @param {Report} report */
export async function presented(folder, shown, report) {
  shown.sort((one, other) => one.seq - other.seq);
  const names = ["observations.csv", "SIMULATION-observations.csv"].filter((one) => folder.files.has(one));
  for (const name of names) {
    const wrong = await csv(await folder.bytes(name), shown);
    if (wrong !== null) report.fail("csv", name, wrong);
  }
  if (names.length) report.note("worded");
  else report.note("absent", "observations.csv");
  if (!folder.files.has(FIGURES)) return report.note("absent", FIGURES);
  try {
    const bytes = await folder.bytes(FIGURES);
    const told = canonicalObject(bytes[bytes.length - 1] === 10 ? bytes.subarray(0, -1) : bytes);
    if (typeof told.v === "number" && told.v > 2) return report.reserve("format", FIGURES, `v ${told.v}`);
    if (!figures(told, shown)) report.fail("figures", FIGURES);
  } catch {
    report.fail("figures", FIGURES);
  }
}

/**
 * What is wrong with a table, null where nothing is. How a version words a reading and a correction is not compared, and
 * a note says so: `Classe` and `Détail` are.
 * @param {Uint8Array} data @param {Shown[]} shown by number
 */
async function csv(data, shown) {
  let cells;
  try {
    cells = table(text(data));
  } catch (error) {
    return String(error);
  }
  const head = cells.shift() ?? [];
  if (new Set(head).size !== head.length || ![...Object.keys(COLUMNS), "Lecture"].every((name) => head.includes(name))) {
    return head.join(";").slice(0, 80);
  }
  const rows = cells.map((row) => Object.fromEntries(head.map((name, at) => [name, plain(row[at] ?? "")])));
  const damaged = rows.filter(({ Lecture }) => Lecture === DAMAGED).map((row) => row[NUMBER]);
  const told = new Map(shown.map((one) => [String(one.seq), one]));
  const sound = [...told.keys()].filter((number) => !damaged.includes(number));
  const expected = [...sound, ...damaged];
  if (rows.length !== expected.length) return `${rows.length} / ${expected.length}`;
  const wrong = rows.findIndex((row, at) => {
    const one = told.get(expected[at]);
    return row[NUMBER] !== expected[at] || !one || differs(row, one);
  });
  return wrong < 0 ? null : rows[wrong][NUMBER];
}

/** @param {{ [column: string]: string }} row @param {Shown} one */
function differs(row, one) {
  if (row.Lecture === DAMAGED) {
    return Object.entries(row).some(([name, cell]) =>
      name in PLACE ? cell !== PLACE[name](one) : cell !== "" && name !== "Lecture" && name !== "SIMULATION");
  }
  const other = Object.entries(COLUMNS).some(([name, says]) => row[name] !== plain(says(one)));
  return other || Object.entries(LATER).some(([name, says]) => name in row && row[name] !== plain(says(one))) || otherHour(row, one);
}

const paris = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Paris", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** @param {string} started */
function inParis(started) {
  const told = Object.fromEntries(paris.formatToParts(new Date(`${started.slice(0, 19)}Z`)).map(({ type, value }) => [type, value]));
  return `${told.year}-${told.month}-${told.day} ${told.hour}:${told.minute}:${told.second}`;
}

/** Whether the legal time is not the instant, under the offset the row gives. @param {{ [column: string]: string }} row @param {Shown} one */
function otherHour(row, { started }) {
  const match = OFFSET.exec(row[SHIFT] ?? "");
  if (!match) return LOCAL.some((name) => row[name] !== undefined);
  const minutes = (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  const local = new Date(Date.parse(`${started.slice(0, 19)}Z`) + minutes * MINUTE);
  const says = [local.toISOString().slice(0, 10), local.toISOString().slice(11, 19), isoWeek(local)];
  return LOCAL.some((name, at) => row[name] !== undefined && row[name] !== says[at]);
}

/** `2026-S48`: the week that holds the Thursday (ISO 8601). @param {Date} local */
function isoWeek(local) {
  const thursday = new Date(local);
  thursday.setUTCDate(local.getUTCDate() + 4 - (local.getUTCDay() || 7));
  const year = thursday.getUTCFullYear();
  const week = Math.ceil(((thursday.getTime() - Date.UTC(year, 0, 1)) / (1440 * MINUTE) + 1) / 7);
  return `${year}-S${String(week).padStart(2, "0")}`;
}

/** Without what a writer adds or takes so that a spreadsheet computes and hides nothing. @param {string} cell */
const plain = (cell) => cell.replace(/[\p{Cc}\p{Cf}]/gu, "").replace(/^'/, "");

/** Rows of a table: `;` between cells, CRLF, `"` doubled within quotes. Throws Error. @param {string} source */
function table(source) {
  if (!source.startsWith("\ufeff") || !source.endsWith("\r\n")) throw new Error("not our table");
  const cell = /(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n)/y;
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  cell.lastIndex = 1;
  while (cell.lastIndex < source.length) {
    const match = cell.exec(source);
    if (!match) throw new Error("not our table");
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === ";") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** Whether the figures are the count of the records. @param {JsonObject} told @param {Shown[]} shown by number */
function figures(told, shown) {
  const rows = objects(told.checks);
  const left = objects(told.left_out);
  const whole = (/** @type {import("../proof/canonical.js").Json} */ given, /** @type {JsonObject[]} */ read) =>
    Array.isArray(given) && given.length === read.length;
  if (told.v !== 2 || !whole(told.checks, rows) || !whole(told.left_out, left)) return false;
  const seqs = left.map(({ seq }) => Number(seq));
  const numbers = new Set(shown.map(({ seq }) => seq));
  const ordered = seqs.every((seq, at) => numbers.has(seq) && (at === 0 || seqs[at - 1] < seq));
  if (!ordered || !left.every(({ why }) => typeof why === "string")) return false;
  const out = new Set(seqs);
  const counted = counts(shown.filter(({ seq }) => !out.has(seq)));
  return rows.length === counted.length && rows.every((row, at) => sameCounts(row, counted[at]));
}

/** @typedef {{ check: string, first: number, last: number, readings: Map<string, number> }} Counted */

/** @param {Shown[]} shown */
function counts(shown) {
  /** @type {Map<string, Counted>} */
  const out = new Map();
  for (const { check, seq, reading } of shown) {
    const one = out.get(check) ?? { check, first: seq, last: seq, readings: new Map() };
    one.first = Math.min(one.first, seq);
    one.last = Math.max(one.last, seq);
    one.readings.set(reading, (one.readings.get(reading) ?? 0) + 1);
    out.set(check, one);
  }
  return [...out.values()].sort((one, other) => (before(one.check, other.check) ? -1 : 1));
}

/** @param {JsonObject} row @param {Counted} counted */
function sameCounts({ check, first, last, readings, ...more }, counted) {
  if (Object.keys(more).length || check !== counted.check || first !== counted.first || last !== counted.last || !isObject(readings)) return false;
  const names = Object.keys(readings);
  return names.length === counted.readings.size && names.every((name) => readings[name] === counted.readings.get(name));
}
