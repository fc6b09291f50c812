/** The page: takes a folder, has it verified, shows the result. In a worker, the same script only verifies. */

import { chosen, dropped } from "./given.js";
import { el, lastLine, shown } from "./show.js";
import { PAGE, say, STEPS } from "./words.js";
import { serve, start } from "./work.js";

/** @typedef {import("../proof/folder.js").Given} Given @typedef {import("../checks/report.js").Result} Result */
/** @typedef {import("./words.js").Language} Language */

class Page {
  constructor() {
    this.source = document.currentScript?.textContent ?? "";
    /** @type {Language} */
    this.language = "fr";
    /** @type {Given[]} */
    this.given = [];
    /** @type {{ name: string, source: string } | null} */
    this.witness = null;
    /** @type {{ result: Result, about: { name: string, at: Date } } | null} */
    this.done = null;
    /** @type {import("./work.js").Running | null} */
    this.running = null;
    this.step = "";
  }

  open() {
    for (const one of document.querySelectorAll("[data-language]")) {
      one.addEventListener("click", () => this.speak(/** @type {Language} */ (one.getAttribute("data-language"))));
    }
    for (const id of ["folder", "archive"]) {
      const input = field(id);
      input.addEventListener("change", () => {
        const given = chosen(/** @type {FileList} */ (input.files));
        input.value = "";
        if (given.length) this.verify(given);
      });
    }
    field("witness").addEventListener("change", async () => {
      const file = field("witness").files?.[0];
      this.witness = file ? { name: file.name, source: await file.text() } : null;
    });
    byId("stop").addEventListener("click", () => this.stop());
    window.addEventListener("beforeprint", () => {
      for (const one of document.querySelectorAll("details")) one.open = true;
    });
    this.takesDrops();
    this.speak("fr");
  }

  /** A folder that misses the field is taken too: a browser would leave the page for it. */
  takesDrops() {
    const drop = byId("drop");
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    document.addEventListener("dragleave", () => drop.classList.remove("over"));
    document.addEventListener("drop", async (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (!event.dataTransfer || this.running) return;
      const asked = dropped(event.dataTransfer);
      this.phase("working", PAGE.opening);
      const given = await asked.catch((error) => this.failed(error));
      if (given) await this.verify(given);
    });
  }

  /** @param {Language} language */
  speak(language) {
    this.language = document.documentElement.lang = language;
    document.title = `${PAGE.title[language]} — Vigie Préfectures`;
    for (const one of document.querySelectorAll("[data-say]")) one.textContent = PAGE[String(one.getAttribute("data-say"))][language];
    for (const one of document.querySelectorAll("[data-label]")) {
      one.setAttribute("aria-label", PAGE[String(one.getAttribute("data-label"))][language]);
    }
    for (const one of document.querySelectorAll("[data-language]")) {
      one.setAttribute("aria-pressed", String(one.getAttribute("data-language") === language));
    }
    if (this.done) this.show();
  }

  /** @param {Given[]} given */
  async verify(given) {
    this.given = given;
    this.phase("working", PAGE.working);
    try {
      const job = { given, options: { witness: this.witness } };
      this.running = await start(this.source, job, (step, done, all) => this.progress(step, done, all));
      byId("working").dataset.where = this.running.where;
      const result = await this.running.result;
      this.finish(result);
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {Result} result */
  finish(result) {
    this.running = null;
    const name = this.given[0]?.name.split("/")[0] ?? "";
    this.done = { result, about: { name, at: new Date() } };
    this.show();
    this.phase("result", null);
    byId("live").textContent = lastLine(result, this.language);
    byId("result").focus();
  }

  /** A file that the browser could not read is no fault of the folder. @param {unknown} error */
  failed(error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const none = { findings: [], notes: [], declared: [], bounds: [], sweeps: 0, records: 0, stamps: { all: 0, verified: 0 } };
    this.finish({ impossible: { code: "unread", detail }, ...none });
  }

  show() {
    if (!this.done) return;
    byId("result").replaceChildren(...shown(this.done.result, this.done.about, this.language, () => this.again()));
  }

  again() {
    this.done = null;
    this.given = [];
    this.phase("ask", null);
    field("folder").focus();
  }

  stop() {
    this.running?.stop();
    this.running = null;
    this.phase(this.done ? "result" : "ask", null);
  }

  /** @param {"ask" | "working" | "result"} name @param {import("./words.js").Words | null} words */
  phase(name, words) {
    for (const one of ["ask", "working", "result"]) byId(one).hidden = one !== name;
    this.step = "";
    byId("step").textContent = "";
    /** @type {HTMLProgressElement} */ (byId("progress")).removeAttribute("value");
    if (words) byId("live").textContent = words[this.language];
  }

  /** The live region is told of each step once, the eye of every tick. @param {string} step @param {number} done @param {number} all */
  progress(step, done, all) {
    const words = STEPS[step][this.language];
    const bar = /** @type {HTMLProgressElement} */ (byId("progress"));
    if (step !== this.step) byId("live").textContent = words;
    this.step = step;
    byId("step").textContent = all ? `${words} : ${Math.floor((100 * done) / all)}\u00a0%` : `${words} : ${say({ fr: "{0}", en: "{0}" }, this.language, done)}`;
    if (all) {
      bar.max = all;
      bar.value = done;
    } else bar.removeAttribute("value");
  }
}

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => document.getElementById(id) ?? el("div", {});

/** @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (byId(id));

if (typeof document === "undefined") serve();
else new Page().open();
