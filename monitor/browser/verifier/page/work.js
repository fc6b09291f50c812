/** Runs a verification beside the page: in a worker made of the page's own script, else in slices of its own time. */

import { verify } from "../verify.js";

/** @typedef {import("../checks/report.js").Result} Result @typedef {import("../verify.js").Options} Options */
/** @typedef {(step: string, done: number, all: number) => void} Shown */
/** @typedef {{ given: import("../proof/folder.js").Given[], options: Options }} Job */
/** @typedef {{ result: Promise<Result>, stop: () => void, where: "worker" | "page" }} Running */

const TICK = 100; // milliseconds between two words of progress
const SLICE = 40; // milliseconds of work before a page may breathe

/** The worker's side. */
export function serve() {
  self.onmessage = async ({ data }) => {
    /** @type {Job} */
    const { given, options } = data;
    let last = 0;
    try {
      const result = await verify(given, options, async (step, done, all) => {
        const now = Date.now();
        if (now - last < TICK) return;
        last = now;
        self.postMessage({ step, done, all });
      });
      self.postMessage({ result });
    } catch (error) {
      self.postMessage({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    }
  };
  self.postMessage({ ready: true });
}

/** @param {string} source the page's own script @param {Job} job @param {Shown} shown @returns {Promise<Running>} */
export async function start(source, job, shown) {
  const worker = await made(source);
  return worker ? inWorker(worker, job, shown) : inSlices(job, shown);
}

/** A worker that answers, null where the browser allows none. @param {string} source @returns {Promise<Worker | null>} */
async function made(source) {
  try {
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    const ready = await new Promise((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
    });
    URL.revokeObjectURL(address);
    if (ready) return worker;
    worker.terminate();
  } catch {
    // SecurityError: a page without workers.
  }
  return null;
}

/** @param {Worker} worker @param {Job} job @param {Shown} shown @returns {Running} */
function inWorker(worker, job, shown) {
  /** @type {Promise<Result>} */
  const result = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.result) resolve(data.result);
      else if (data.error) reject(new Error(data.error));
      else return shown(data.step, data.done, data.all);
      worker.terminate();
    };
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.postMessage(job);
  return { result, stop: () => worker.terminate(), where: "worker" };
}

/** @param {Job} job @param {Shown} shown @returns {Running} */
function inSlices({ given, options }, shown) {
  let stopped = false;
  let since = Date.now();
  const result = verify(given, options, async (step, done, all) => {
    if (Date.now() - since < SLICE) return;
    shown(step, done, all);
    await new Promise((resolve) => setTimeout(resolve));
    since = Date.now();
    if (stopped) await new Promise(() => {});
  });
  return { result, stop: () => { stopped = true; }, where: "page" };
}
