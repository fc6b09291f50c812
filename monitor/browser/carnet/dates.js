/**
 * When a picture was made, by the best source that says: the photo (EXIF), the name of its file, the date of the file.
 * The same sources in the same order as `monitor.case.photos`, which decides again when the file is brought to a case:
 * here a date is only proposed, and its source shown beside it.
 */

/** @typedef {"exif" | "file_name" | "file_date" | "stated"} Source */
/** @typedef {{ at: string, source: Source }} Dated - at: `2026-11-02T09:14:00`, the hour seen; a day alone; or empty */

const ORIGINAL = 0x9003, CHANGED = 0x0132, INNER = 0x8769, TEXT = 2;
const NAMED = /(?:^|\D)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:(?:[-_ T]|\s+(?:à|a|at)\s+)(\d{1,2})[-.:_hH]?([0-5]\d)(?:[-.:_mM]?([0-5]\d))?)?/;
const NO_HOUR = /\b[ap]m\b|-WA\d/i; // a 12-hour clock says half of it; WhatsApp gives a counter
const JUST_NOW = 60_000; // ms: a file as young as this was made by the choosing of it

/** @param {Uint8Array} bytes @returns {Uint8Array | null} the TIFF part of a JPEG's APP1 or of a PNG's eXIf */
function tiff(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (/** @type {number} */ at) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) {
    for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
      const size = view.getUint16(at + 2);
      if (bytes[at + 1] === 0xe1 && name(at + 4) === "Exif") return bytes.subarray(at + 10, at + 2 + size);
      at += 2 + size;
    }
  }
  if (bytes[0] === 0x89 && bytes[1] === 0x50) {
    for (let at = 8; at + 12 <= bytes.length;) {
      const size = view.getUint32(at);
      if (name(at + 4) === "eXIf") return bytes.subarray(at + 8, at + 8 + size);
      at += 12 + size;
    }
  }
  return null;
}

/** @param {DataView} view @param {number} at @param {boolean} little @returns {Map<number, string | number>} */
function directory(view, at, little) {
  const found = new Map();
  const count = view.getUint16(at, little);
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i;
    const type = view.getUint16(entry + 2, little), length = view.getUint32(entry + 4, little);
    let value = /** @type {string | number} */ (view.getUint32(entry + 8, little));
    if (type === TEXT) {
      const start = length > 4 ? Number(value) : entry + 8;
      value = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + start, length)).replace(/\0+$/, "");
    }
    found.set(view.getUint16(entry, little), value);
  }
  return found;
}

/** @param {Uint8Array} bytes @returns {string} the hour the photo says, or empty */
export function fromExif(bytes) {
  try {
    const part = tiff(bytes);
    if (!part) return "";
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    const little = part[0] === 0x49;
    const outer = directory(view, view.getUint32(4, little), little);
    const inner = outer.get(INNER);
    const said = (typeof inner === "number" && directory(view, inner, little).get(ORIGINAL)) || outer.get(CHANGED);
    const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(String(said ?? "").trim());
    return parts ? whole(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`) : "";
  } catch (error) {
    if (error instanceof RangeError) return ""; // cut off
    throw error;
  }
}

/** @param {string} name @returns {string} the day, or day and hour, that the name of a file bears, or empty */
export function fromName(name) {
  const parts = NAMED.exec(name);
  if (!parts) return "";
  const [, year, month, day, hour, minute, second = "00"] = parts;
  if (!hour || NO_HOUR.test(name)) return whole(`${year}-${month}-${day}`);
  return whole(`${year}-${month}-${day}T${hour.padStart(2, "0")}:${minute}:${second}`);
}

/** @param {string} text @returns {string} the same where there is such a day and hour, else empty */
function whole(text) {
  const full = text.length === 10 ? `${text}T00:00:00` : text;
  const at = new Date(`${full}Z`);
  return !Number.isNaN(+at) && at.toISOString().startsWith(full) ? text : "";
}

/** @param {{ name: string, lastModified: number }} file @param {Uint8Array} bytes @param {number} now @returns {Dated} */
export function dated(file, bytes, now) {
  const exif = fromExif(bytes);
  if (exif) return { at: exif, source: "exif" };
  const named = fromName(file.name);
  if (named) return { at: named, source: "file_name" };
  if (file.lastModified && Math.abs(now - file.lastModified) > JUST_NOW) return { at: seen(file.lastModified), source: "file_date" };
  return { at: "", source: "stated" };
}

/** @param {number} ms @returns {string} an instant as the clock of this telephone shows it */
export function seen(ms) {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
