/** The result of a verification as a page shows it. Text is set as text: no name in a folder is ever markup. */

import { HEADLINES, IMPOSSIBLE, NOTES, PAGE, printable, say, SENTENCES, VERDICTS } from "./words.js";

/** @typedef {import("../checks/report.js").Result} Result @typedef {import("../checks/report.js").Finding} Finding */
/** @typedef {import("../checks/report.js").Bounds} Bounds @typedef {import("./words.js").Language} Language */
/** @typedef {Node | string | null | false} Child */

const LISTED = 20; // places of one kind of finding shown at once
const ROWS = 200; // sweeps shown one by one; above that, days are
const MINUTE = 60e6;

/** @param {string} tag @param {{ [name: string]: string }} attributes @param {...Child} children */
export function el(tag, attributes, ...children) {
  const out = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) out.setAttribute(name, value);
  out.append(...children.filter((one) => one !== null && one !== false));
  return out;
}

/** @param {Result} result @returns {keyof typeof VERDICTS} */
export function verdict({ impossible, findings }) {
  if (impossible) return "impossible";
  if (findings.some(({ level }) => level === "É")) return "false";
  return findings.length ? "open" : "sound";
}

/** The last line, as the other verifiers print it. @param {Result} result @param {Language} language */
export function lastLine(result, language) {
  const kind = verdict(result);
  const words = VERDICTS[kind][language].replaceAll("\u00a0", " ");
  if (result.impossible) return `${words} : ${impossible(result, language).replaceAll("\u00a0", " ")}`;
  const [sweeps, records] = [String(result.sweeps), String(result.records)];
  return `${words}${language === "fr" ? " :" : ":"} ${say(PAGE.counts, language, sweeps, records)}`;
}

/** @param {Result} result @param {Language} language */
function impossible({ impossible: why }, language) {
  return why ? say(IMPOSSIBLE[why.code] ?? IMPOSSIBLE.unread, language, why.detail || why.code) : "";
}

/**
 * @param {Result} result @param {{ name: string, at: Date }} about @param {Language} language
 * @param {() => void} again
 */
export function shown(result, about, language, again) {
  const kind = verdict(result);
  const date = about.at.toLocaleString(language === "fr" ? "fr-FR" : "en-GB", { dateStyle: "long", timeStyle: "long" });
  const told = (/** @type {string} */ name, /** @type {(string | number)[]} */ ...args) => say(PAGE[name], language, ...args);
  const falses = result.findings.filter(({ level }) => level === "É");
  const opens = result.findings.filter(({ level }) => level === "R");
  return [
    el("div", { class: `verdict ${kind}` },
      el("h2", { id: "result-title" }, HEADLINES[kind][language]),
      el("p", {}, result.impossible ? impossible(result, language) : told("counts", result.sweeps, result.records)),
      el("p", { class: "help" }, told("verified_on", about.name, date))),
    falses.length > 0 && el("h2", {}, told("failures")),
    falses.length > 0 && findings(falses, language),
    opens.length > 0 && el("h2", {}, told("reserves")),
    opens.length > 0 && findings(opens, language),
    !result.impossible && el("div", {}, stamps(result, language), ...bounds(result.bounds, language),
      ...list(told("declared", result.declared.length), result.declared.map((line) => located(line, language))),
      ...list(told("notes", result.notes.length), result.notes.map(({ note, args }) => say(NOTES[note], language, ...args.map((one) => (typeof one === "string" ? located(one, language) : one)))))),
    kind !== "false" && kind !== "impossible" && el("div", {}, el("h2", {}, told("proven")), el("p", {}, told("proven_text"))),
    !result.impossible && el("div", {}, el("h2", {}, told("unproven")), el("p", {}, told("unproven_text"))),
    el("h2", {}, told("last_line")),
    el("p", {}, el("code", { class: "last", id: "last-line" }, lastLine(result, language))),
    el("p", { class: "buttons" }, button(told("print"), () => window.print()), button(told("again"), again)),
  ].filter((one) => one instanceof Node);
}

/** @param {string} words @param {() => void} does */
function button(words, does) {
  const out = el("button", { type: "button" }, words);
  out.addEventListener("click", does);
  return out;
}

/** One entry a code: what it means, then where. @param {Finding[]} all @param {Language} language */
function findings(all, language) {
  const codes = [...new Set(all.map(({ code }) => code))];
  return el("ul", { class: "findings" }, ...codes.map((code) => {
    const some = all.filter((one) => one.code === code);
    const level = some[0].level;
    const places = some.map((one) => el("li", {}, place(one, language)));
    return el("li", { class: level === "É" ? "false" : "open", "data-finding": `${level}:${code}` },
      el("p", {}, el("span", { class: "badge" }, PAGE[level === "É" ? "failure" : "reserve"][language], " "),
        el("code", {}, `[${code}]`), " ", SENTENCES[code][language], language === "fr" ? "\u00a0:" : ":"),
      el("ul", { class: "where" }, ...places.slice(0, LISTED)),
      places.length > LISTED && el("details", {}, el("summary", {}, say(PAGE.more, language, places.length - LISTED)),
        el("ul", { class: "where" }, ...places.slice(LISTED, 2000))));
  }));
}

/** A place or a line, its sweep named in the language shown. @param {string} where @param {Language} language */
function located(where, language) {
  return printable(where).replace(/^sweep(?= \d{9}(?!\d))/, PAGE.sweep_named[language]);
}

/** @param {Finding} finding @param {Language} language */
function place({ code, where, detail }, language) {
  const counted = code === "bounds" || code === "unstamped";
  const [count, why] = detail.split(" ");
  const reason = why in PAGE ? `${PAGE[why][language]}, ` : "";
  const told = counted ? reason + say(PAGE.observations, language, Number(count)) : printable(detail);
  return `${located(where, language)}${told ? ` (${told})` : ""}`;
}

/** @param {Result} result @param {Language} language */
function stamps({ stamps: { all, verified } }, language) {
  return el("p", { id: "stamps" }, say(PAGE.stamps, language, verified, all));
}

/** @param {string} title @param {string[]} lines */
function list(title, lines) {
  return lines.length ? [el("details", {}, el("summary", {}, title), el("ul", {}, ...lines.map((line) => el("li", {}, line))))] : [];
}

/** @param {Bounds[]} all @param {Language} language */
function bounds(all, language) {
  const days = all.length > ROWS;
  const rows = days ? byDay(all) : all.map((one) => ({ name: String(one.number).padStart(9, "0"), ...one, width: width(one) }));
  const heads = [days ? PAGE.days : PAGE.sweep, PAGE.after, PAGE.before, PAGE.widest].map((one) => el("th", { scope: "col" }, one[language]));
  const table = el("table", {},
    el("thead", {}, el("tr", {}, ...heads)),
    el("tbody", {}, ...rows.map(({ name, after, before, width: wide }) => el("tr", {}, el("td", {}, name),
      el("td", {}, bound(after, language)), el("td", {}, bound(before, language)), el("td", { class: "number" }, length(wide, language))))));
  const title = say(days ? PAGE.every_day : PAGE.every_sweep, language, all.length);
  return [el("h2", {}, PAGE.bounds[language]), shares(all, language), el("details", {}, el("summary", {}, title), el("div", { class: "table" }, table))];
}

/** @param {Bounds[]} all @param {Language} language */
function shares(all, language) {
  const records = all.reduce((sum, one) => sum + one.records, 0);
  const limits = [10 * MINUTE, 60 * MINUTE, 1440 * MINUTE, Infinity];
  const names = [PAGE.ten, PAGE.hour, PAGE.day, PAGE.wider, PAGE.never];
  const counts = [0, 0, 0, 0, 0];
  for (const one of all) {
    const wide = width(one);
    counts[wide === null ? 4 : limits.findIndex((limit) => wide <= limit)] += one.records;
  }
  const share = (/** @type {number} */ count) => (records ? (100 * count) / records : 0).toLocaleString(language, { maximumFractionDigits: 1 });
  return el("div", { class: "table" }, el("table", {}, el("caption", {}, PAGE.bounds_within[language]),
    el("tbody", {}, ...names.map((name, at) => el("tr", {}, el("th", { scope: "row" }, name[language]),
      el("td", { class: "number" }, printable(counts[at])), el("td", { class: "number" }, `${share(counts[at])}\u00a0%`))))));
}

/** @param {Bounds} one */
const width = ({ after, before }) => (after && before ? before.at - after.at : null);

/** The days of sweeps, each with its outermost bounds and the widest of its sweeps. @param {Bounds[]} all */
function byDay(all) {
  /** @type {Map<string, { name: string, after: Bounds["after"], before: Bounds["before"], width: number | null }>} */
  const days = new Map();
  for (const one of all) {
    const name = one.finished === null ? "?" : new Date(one.finished / 1000).toISOString().slice(0, 10);
    const known = days.get(name);
    const wide = width(one);
    if (!known) days.set(name, { name, after: one.after, before: one.before, width: wide });
    else {
      known.before = one.before;
      known.width = known.width === null || wide === null ? null : Math.max(known.width, wide);
    }
  }
  return [...days.values()];
}

/** @param {Bounds["after"]} bound @param {Language} language */
function bound(bound, language) {
  if (!bound) return PAGE.no_bound[language];
  const at = new Date(bound.at / 1000).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC, ${bound.authority}`;
}

/** @param {number | null} wide @param {Language} language */
function length(wide, language) {
  if (wide === null) return "—";
  const minutes = Math.round(wide / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (hours < 1) return `${minutes} min`;
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
  return `${Math.round(hours / 24)} ${language === "fr" ? "jours" : "days"}`;
}
