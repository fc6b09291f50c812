/** The folder a person dropped: names and their bytes, read piece by piece. Nothing leaves the page. */

import { unzipSync } from "fflate";
import { bytesToHex, hasher, text } from "./bytes.js";

/** @typedef {{ name: string, file: Blob }} Given a file and its path, `/` between parts */

const SUMS = "SHA256SUMS";
const LF = 10;
// What an operating system puts into a folder that somebody opens, or into an archive of it.
const LITTER = /(?:^|\/)(?:\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$/;

/** Whether an operating system leaves a file of that name: nobody reads it. @param {string} name */
export const isLitter = (name) => LITTER.test(name);

/** What was given is no folder that can be read. `code`: a key of the page's words. */
export class Unusable extends Error {
  /** @param {string} code @param {string} [detail] */
  constructor(code, detail = "") {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

export class Folder {
  /** @param {Given[]} given */
  constructor(given) {
    /** @type {Map<string, Blob>} */
    this.files = new Map();
    /** @type {string[]} */
    this.litter = [];
    for (const { name, file } of beneath(given)) {
      if (isLitter(name)) {
        this.litter.push(name);
        continue;
      }
      if (this.files.has(name)) throw new Unusable("twice", name);
      this.files.set(name, file);
    }
  }

  /** Every name, sorted. */
  names() {
    return [...this.files.keys()].sort();
  }

  /** The name under which a file of the format stands: plain or compressed; null when it is absent. */
  /** @param {string} name */
  standing(name) {
    return [name, `${name}.gz`].find((one) => this.files.has(one)) ?? null;
  }

  /** @param {string} name */
  async bytes(name) {
    return new Uint8Array(await this.blob(name).arrayBuffer());
  }

  /** Throws TypeError where it is no UTF-8. @param {string} name */
  async text(name) {
    return text(await this.bytes(name));
  }

  /** @param {string} name @param {(bytes: number) => Promise<void>} read told of every piece */
  async digest(name, read) {
    const sum = hasher();
    for await (const piece of pieces(this.blob(name).stream())) {
      sum.update(piece);
      await read(piece.length);
    }
    return bytesToHex(sum.digest());
  }

  /**
   * The lines of a file, plain or compressed, without their line feeds; the bytes after the last line feed come as a
   * line that is `cut`. Throws where the compression is damaged.
   * @param {string} name @returns {AsyncGenerator<{ line: Uint8Array, cut: boolean }>}
   */
  async *lines(name) {
    const standing = this.standing(name);
    if (!standing) return;
    const stream = this.blob(standing).stream();
    const plain = standing.endsWith(".gz") ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
    let rest = new Uint8Array();
    for await (const piece of pieces(plain)) {
      let from = 0;
      for (let to = piece.indexOf(LF); to >= 0; to = piece.indexOf(LF, from)) {
        const end = piece.subarray(from, to);
        yield { line: rest.length ? joined(rest, end) : end, cut: false };
        rest = new Uint8Array();
        from = to + 1;
      }
      rest = joined(rest, piece.subarray(from));
    }
    if (rest.length) yield { line: rest, cut: true };
  }

  /** @param {string} name @returns {Blob} */
  blob(name) {
    const found = this.files.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  }
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function joined(one, other) {
  const out = new Uint8Array(one.length + other.length);
  out.set(one);
  out.set(other, one.length);
  return out;
}

/** A stream read by its reader: Safari cannot iterate one. @param {ReadableStream<Uint8Array>} stream */
async function* pieces(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Where the folder of the proof begins: beside its SHA256SUMS, the one nearest the top. @param {Given[]} given */
function beneath(given) {
  const tops = given.map(({ name }) => name).filter((name) => name === SUMS || name.endsWith(`/${SUMS}`));
  const depth = Math.min(...tops.map((name) => name.split("/").length));
  const nearest = tops.filter((name) => name.split("/").length === depth);
  if (nearest.length > 1) throw new Unusable("several");
  const root = nearest.length ? nearest[0].slice(0, -SUMS.length) : common(given);
  return given
    .filter(({ name }) => name.startsWith(root))
    .map(({ name, file }) => ({ name: name.slice(root.length), file }));
}

/** The folder that all names begin with. @param {Given[]} given */
function common(given) {
  const first = given[0]?.name ?? "";
  const top = first.slice(0, first.indexOf("/") + 1);
  return given.every(({ name }) => name.startsWith(top)) ? top : "";
}

/** The files of an archive. Throws Unusable. @param {Blob} archive @returns {Promise<Given[]>} */
export async function unzipped(archive) {
  /** @type {Set<string>} */
  const seen = new Set();
  try {
    const files = unzipSync(new Uint8Array(await archive.arrayBuffer()), {
      filter: ({ name }) => {
        if (seen.has(name)) throw new Unusable("twice", name);
        seen.add(name);
        return !name.endsWith("/");
      },
    });
    return Object.entries(files).map(([name, data]) => ({
      name,
      file: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (data)]),
    }));
  } catch (error) {
    throw error instanceof Unusable ? error : new Unusable("zip");
  }
}
