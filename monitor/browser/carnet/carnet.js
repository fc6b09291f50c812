/**
 * The diary: a person's own pictures of what a booking site answered, kept in order on their telephone, counted, and
 * given away as one file. It asks nothing of any site, sends nothing, and fills, presses or reads nothing elsewhere.
 */

import { opened, packed, sha256 } from "./archive.js";
import { dated } from "./dates.js";
import { figures } from "./figures.js";
import { drop, entries, eraseAll, keep, picture } from "./kept.js";
import { apart, byId, el, PREFECTURES, PROCEDURES, RIGHT_TO_LEFT, say, spoken, VERSION, WORDS } from "./show.js";

/** @typedef {import("./archive.js").Entry} Entry @typedef {import("./dates.js").Dated} Dated */

const KINDS = ["no_slot", "error_message", "form_unavailable", "category_missing", "captcha_wall", "slot_offered", "attempt"];
const PDF = [0x25, 0x50, 0x44, 0x46];
const DAY = 86_400_000;
const NAG_AFTER = 7; // days without a file of it: Safari forgets what it keeps after seven days of use without a visit

async function show() {
  const list = await entries();
  document.documentElement.lang = spoken.language;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(spoken.language) ? "rtl" : "ltr";
  document.title = say("title");
  byId("kept").replaceChildren(
    ...head(list),
    ...numbers(list),
    ...months(list),
    list.length ? el("ol", { class: "list" }, ...list.map(row)) : el("p", {}, say("nothing")),
    ...foot(list),
  );
}

/** @param {Entry[]} list */
function head(list) {
  const languages = Object.keys(WORDS).map((one) => el("button", {
    type: "button", lang: one, "aria-pressed": String(one === spoken.language), onclick: () => speak(one),
  }, WORDS[one].own_name));
  return [
    el("h1", {}, say("title")),
    el("p", {}, say("all_here")),
    el("div", { class: "languages no-print", role: "group", "aria-label": say("languages") }, ...languages),
    el("p", { class: "saved no-print", role: "status" }, saved(list)),
    el("label", { class: "button no-print" }, say("add"), el("input", {
      type: "file", multiple: "", accept: "image/*,application/pdf", class: "hidden-input", onchange: (event) => add(event),
    })),
  ];
}

/** How long the diary has had no file of its own outside. @param {Entry[]} list */
function saved(list) {
  const last = Number(localStorage.getItem("saved") ?? 0);
  const unsaved = list.filter((one) => one.added_ms > last);
  if (!unsaved.length) return list.length ? say("all_saved") : "";
  const days = Math.floor((Date.now() - Math.min(...unsaved.map((one) => one.added_ms))) / DAY);
  return days >= NAG_AFTER ? say("not_saved_for", { days }) : say("not_saved", { count: unsaved.length });
}

/** @param {Entry[]} list */
function numbers(list) {
  const counted = figures(list);
  const cells = Object.entries(counted).map(([name, value]) => el("div", {}, el("dd", {}, String(value)), el("dt", {}, say(name))));
  return [el("dl", { class: "figures" }, ...cells)];
}

/** One table a month, with the days on which something was kept. @param {Entry[]} list */
function months(list) {
  const on = new Set(list.map((one) => one.at.slice(0, 10)));
  return [...new Set([...on].map((day) => day.slice(0, 7)))].sort().map((month) => {
    const first = new Date(`${month}-01T00:00Z`);
    const blank = (first.getUTCDay() + 6) % 7;
    const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
    const cells = [...Array(blank).fill(0), ...Array.from({ length }, (_, i) => i + 1)];
    const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, i) => cells.slice(7 * i, 7 * i + 7));
    const cell = (/** @type {number} */ day) => {
      const kept = day && on.has(`${month}-${String(day).padStart(2, "0")}`);
      return kept ? el("td", { class: "on" }, el("strong", {}, String(day))) : el("td", {}, day ? String(day) : "");
    };
    const name = new Intl.DateTimeFormat(spoken.language, { month: "long", year: "numeric", timeZone: "UTC" }).format(first);
    return el("table", { class: "month" }, el("caption", {}, name), el("tbody", {}, ...weeks.map((week) => el("tr", {}, ...week.map(cell)))));
  });
}

/** @param {Entry} one */
function row(one) {
  const shown = el("img", { alt: say("picture_of", { name: one.name }), loading: "lazy" });
  picture(one.sha256).then((bytes) => { if (!one.type.includes("pdf")) shown.setAttribute("src", address(bytes, one.type)); });
  return el("li", {},
    ...(one.type.includes("pdf") ? [] : [shown]),
    el("p", {}, apart(one.at.replace("T", " ")), " · ", say(one.kind)),
    el("p", {}, apart(`${one.prefecture} ${named(one.prefecture)}`, "fr"), " · ", say(`p_${one.procedure}`)),
    ...(one.sentence ? [el("q", { lang: "fr", dir: "ltr" }, one.sentence)] : []),
    ...(one.address ? [el("p", { class: "small" }, apart(one.address))] : []),
    el("p", { class: "small" }, `${say("date_from")} ${say(`from_${one.date_source}`)} · `, el("code", {}, one.sha256.slice(0, 16))),
    el("button", { type: "button", class: "plain no-print", onclick: () => remove(one) }, say("remove")));
}

/** @param {string} code */
const named = (code) => PREFECTURES.find(([one]) => one === code)?.[1] ?? "";

/** @param {Uint8Array} bytes @param {string} type */
const address = (bytes, type) => URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type }));

/** @param {Entry[]} list */
function foot(list) {
  if (!list.length) return [restoring()];
  return [
    el("div", { class: "no-print" },
      el("button", { type: "button", onclick: save }, say("make_file")),
      el("p", { class: "small" }, say("what_file_is")),
      el("p", { id: "digest", role: "status", class: "small" }),
      el("button", { type: "button", onclick: () => print() }, say("print")),
      restoring(),
      el("button", { type: "button", class: "plain", onclick: erase }, say("erase"))),
    el("p", { class: "small" }, say("proves")),
  ];
}

function restoring() {
  return el("label", { class: "button plain no-print" }, say("restore"), el("input", {
    type: "file", accept: ".zip,application/zip", class: "hidden-input", onchange: (event) => restore(event),
  }));
}

/** @param {string} language */
function speak(language) {
  spoken.language = language;
  localStorage.setItem("language", language);
  return show();
}

/** @param {Event} event @returns {File[]} */
function chosen(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget);
  const files = [...(input.files ?? [])];
  input.value = "";
  return files;
}

/** @param {string} words */
const tell = (words) => byId("new").append(el("p", { role: "alert" }, words));

/** @param {Event} event */
async function add(event) {
  const files = chosen(event);
  byId("new").replaceChildren();
  const held = new Set((await entries()).map((one) => one.sha256));
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const sum = await sha256(bytes);
    if (held.has(sum)) tell(say("twice", { name: file.name }));
    else if (!(await isPicture(file, bytes))) tell(say("no_picture", { name: file.name }));
    else byId("new").append(card(file, bytes, sum, dated(file, bytes, Date.now())));
    held.add(sum);
  }
  byId("new").querySelector("input")?.focus();
}

/** @param {File} file @param {Uint8Array} bytes */
async function isPicture(file, bytes) {
  if (PDF.every((one, i) => bytes[i] === one)) return true;
  try {
    (await createImageBitmap(file)).close();
    return true;
  } catch {
    return /\.hei[cf]$/i.test(file.name); // most browsers cannot show it, and it is a picture all the same
  }
}

/** One picture to be described. @param {File} file @param {Uint8Array} bytes @param {string} sum @param {Dated} when */
function card(file, bytes, sum, when) {
  const before = JSON.parse(localStorage.getItem("before") ?? "{}");
  const form = /** @type {HTMLFormElement} */ (el("form", { class: "card" },
    el("img", { alt: say("picture_of", { name: file.name }), src: URL.createObjectURL(file) }),
    field("at", el("input", { name: "at", type: "datetime-local", step: "1", required: "", value: when.at.length === 10 ? "" : when.at })),
    el("p", { class: "small" }, when.at ? `${say("date_from")} ${say(`from_${when.source}`)} (${when.at.replace("T", " ")})` : say("date_unknown")),
    field("kind", choice("kind", KINDS.map((one) => [one, say(one)]), before.kind)),
    field("prefecture", choice("prefecture", PREFECTURES.map(([code, name]) => [code, `${code} ${name}`]), before.prefecture)),
    field("procedure", choice("procedure", PROCEDURES.map((one) => [one, say(`p_${one}`)]), before.procedure)),
    field("sentence", el("textarea", { name: "sentence", lang: "fr", dir: "ltr", rows: "2" })),
    field("address", el("input", { name: "address", type: "url", dir: "ltr", value: before.address ?? "" })),
    el("button", {}, say("keep"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
    localStorage.setItem("before", JSON.stringify({ ...said, at: undefined, sentence: undefined }));
    const proposed = said.at.slice(0, 16) === when.at.slice(0, 16);
    const entry = {
      sha256: sum, name: file.name, type: file.type, bytes: bytes.length, file_modified_ms: file.lastModified, added_ms: Date.now(),
      at: said.at.length === 16 ? `${said.at}:00` : said.at, date_source: proposed ? when.source : /** @type {const} */ ("stated"),
      kind: said.kind, prefecture: said.prefecture, procedure: said.procedure, address: said.address, sentence: said.sentence.trim(),
    };
    try {
      await keep([{ entry, bytes }]);
    } catch (error) {
      tell(say("not_kept", { why: String(error) }));
      return;
    }
    form.remove(); // the other cards stay as they are
    navigator.storage?.persist?.();
    await show();
  });
  return form;
}

/** @param {string} key @param {HTMLElement} input */
const field = (key, input) => el("label", {}, say(`field_${key}`), input);

/** @param {string} name @param {string[][]} options @param {string} [value] */
function choice(name, options, value) {
  const made = /** @type {HTMLSelectElement} */ (el("select", { name }, ...options.map(([code, words]) => el("option", { value: code }, words))));
  if (value && options.some(([code]) => code === value)) made.value = value;
  return made;
}

/** @param {Entry} one */
async function remove(one) {
  if (!confirm(say("remove_asked"))) return;
  await drop(one.sha256);
  await show();
}

function browser() {
  const product = ["Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Version"].find((one) => navigator.userAgent.includes(`${one}/`));
  const major = product ? new RegExp(`${product}/(\\d+)`).exec(navigator.userAgent)?.[1] : undefined;
  return { product: product === "Version" ? "Safari" : product ?? "unknown", major: major ?? "0" };
}

async function save() {
  const now = Date.now();
  const about = { now, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, browser: browser(), version: VERSION };
  const zip = await packed(await entries(), picture, about);
  const name = `carnet-${new Date(now).toISOString().slice(0, 10)}.zip`;
  el("a", { href: address(zip, "application/zip"), download: name }).click();
  localStorage.setItem("saved", String(now));
  await show();
  const sum = await sha256(zip);
  byId("digest").replaceChildren(`${say("digest")} `, el("code", {}, sum), " ", el("a", { href: `mailto:?subject=carnet&body=${sum}` }, say("mail_digest")));
}

/** A diary opened again, from its own file: what is there already stays as it is. @param {Event} event */
async function restore(event) {
  const files = chosen(event);
  byId("new").replaceChildren();
  const held = new Set((await entries()).map((one) => one.sha256));
  for (const file of files) {
    try {
      const found = (await opened(new Uint8Array(await file.arrayBuffer()))).filter(({ entry }) => !held.has(entry.sha256));
      await keep(found);
      tell(say("restored", { count: found.length }));
    } catch (error) {
      console.warn(error);
      tell(say("no_diary", { name: file.name }));
    }
  }
  await show();
}

async function erase() {
  if (!confirm(say("erase_asked"))) return;
  await eraseAll();
  byId("new").replaceChildren();
  await show();
}

if (location.protocol === "file:") { // in Chromium every file opened from the disk reads what another has kept (2026-11)
  byId("kept").replaceChildren(el("p", { role: "alert" }, say("not_from_a_file")));
} else {
  navigator.serviceWorker?.register("sw.js");
  show();
}
