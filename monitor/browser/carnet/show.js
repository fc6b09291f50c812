/** Elements, and words in the language chosen. */

/** @typedef {Record<string, string>} Words */

const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}");

/** @type {Record<string, Words>} */
export const WORDS = data.words;
/** @type {[string, string][]} code and name */
export const PREFECTURES = data.prefectures;
/** @type {string[]} */
export const PROCEDURES = data.procedures;
/** @type {string} */
export const VERSION = data.version;
export const RIGHT_TO_LEFT = ["ar"];

const asked = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
export const spoken = { language: asked in WORDS ? asked : "fr" };

/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function say(key, values = {}) {
  const words = WORDS[spoken.language][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * @param {string} tag @param {Record<string, string | EventListener | undefined>} [attributes] a listener under `onNAME`
 * @param {...(Node | string)} children @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A text that keeps its own direction within a line of the other. @param {string} text @param {string} [lang] */
export const apart = (text, lang) => el("bdi", { dir: "ltr", lang }, text);

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
