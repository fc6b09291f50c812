/** The certificates and keys a folder brings along, which a reader has to compare with those published. */

import { digestOf } from "../proof/bytes.js";
import { noteKey, publicKey } from "../proof/notes.js";
import { Authority } from "../proof/stamps.js";

/** @typedef {import("../proof/folder.js").Folder} Folder @typedef {import("../proof/notes.js").NoteKey} NoteKey */

export class Trust {
  /** @param {Map<string, Authority>} authorities @param {{ name: string, key: Uint8Array<ArrayBuffer> }[]} keys */
  constructor(authorities, keys) {
    this.authorities = authorities;
    this.keys = keys;
  }

  /** @param {Folder} folder */
  static async from(folder) {
    /** @type {Map<string, Authority>} */
    const authorities = new Map();
    for (const name of new Set(pems(folder, "roots").map(({ of }) => of))) {
      const [roots, untrusted, crls] = await Promise.all(
        ["roots", "untrusted", "crls"].map((kind) =>
          Promise.all(pems(folder, kind).filter(({ of }) => of === name).map((one) => folder.bytes(one.name))),
        ),
      );
      authorities.set(name, new Authority(roots, untrusted, crls));
    }
    const keys = [];
    for (const { name } of pems(folder, "log")) {
      const key = publicKey(new TextDecoder("latin1").decode(await folder.bytes(name)));
      if (key) keys.push({ name, key });
    }
    return new Trust(authorities, keys);
  }

  /** The log's keys under the name they sign with. @param {string} origin @returns {NoteKey[]} */
  logKeys(origin) {
    return this.keys.map(({ key }) => noteKey(origin, key));
  }

  /** What a reader compares: each key's file and the digest of its 32 bytes. */
  printedKeys() {
    return this.keys.map(({ name, key }) => ({ name, digest: digestOf(key) }));
  }
}

/** @param {Folder} folder @param {string} kind */
function pems(folder, kind) {
  const pattern = new RegExp(`^trust/${kind}/(.+?)\\.[0-9a-z.]+\\.pem$`);
  const bare = /^trust\/log\/([0-9a-z.]+)$/;
  return folder.names().flatMap((name) => {
    const match = pattern.exec(name) ?? (kind === "log" ? bare.exec(name) : null);
    return match ? [{ name, of: match[1] }] : [];
  });
}
