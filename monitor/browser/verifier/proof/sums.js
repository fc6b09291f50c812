/** SHA256SUMS, which has one spelling: what `sha256sum` prints, sorted by name, nothing else. */

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
const LINE = /^([0-9a-f]{64}) {2}(.+)$/;

/**
 * Digest of each name. Throws Error.
 * @param {string} source @returns {Map<string, string>}
 */
export function parseSums(source) {
  if (!source.endsWith("\n")) throw new Error("no lines, or a last line without its end");
  /** @type {Map<string, string>} */
  const out = new Map();
  let last = "";
  for (const line of source.slice(0, -1).split("\n")) {
    const match = LINE.exec(line);
    if (!match || !NAME.test(match[2])) throw new Error("not a line of SHA256SUMS");
    if (match[2] <= last) throw new Error("out of order");
    last = match[2];
    out.set(last, match[1]);
  }
  return out;
}
