/** What the diary keeps, in this browser and nowhere else: entries, and the bytes of their pictures by digest. */

/** @typedef {import("./archive.js").Entry} Entry */

const NAME = "carnet";

/** @returns {Promise<IDBDatabase>} */
function base() {
  return new Promise((yes, no) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "sha256" });
      asked.result.createObjectStore("pictures");
    };
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
}

/**
 * One transaction: whole or not at all, on the disk when it resolves.
 * @template T @param {IDBTransactionMode} mode @param {(tx: IDBTransaction) => IDBRequest<T> | void} work @returns {Promise<T>}
 */
async function within(mode, work) {
  const db = await base();
  try {
    return await new Promise((yes, no) => {
      const tx = db.transaction(["entries", "pictures"], mode, { durability: "strict" });
      const asked = work(tx);
      tx.oncomplete = () => yes(/** @type {T} */ (asked?.result));
      tx.onerror = tx.onabort = () => no(tx.error);
    });
  } finally {
    db.close();
  }
}

/** @returns {Promise<Entry[]>} in the order of their hours */
export async function entries() {
  const all = await within("readonly", (tx) => /** @type {IDBRequest<Entry[]>} */ (tx.objectStore("entries").getAll()));
  return all.sort((a, b) => (a.at + a.sha256 < b.at + b.sha256 ? -1 : 1));
}

/** Bytes, not a Blob: Safari has lost Blobs kept so. @param {string} sha256 @returns {Promise<Uint8Array>} */
export async function picture(sha256) {
  return new Uint8Array(await within("readonly", (tx) => /** @type {IDBRequest<ArrayBuffer>} */ (tx.objectStore("pictures").get(sha256))));
}

/** @param {{ entry: Entry, bytes: Uint8Array }[]} many */
export async function keep(many) {
  await within("readwrite", (tx) => {
    for (const { entry, bytes } of many) {
      tx.objectStore("entries").put(entry);
      tx.objectStore("pictures").put(bytes.slice().buffer, entry.sha256);
    }
  });
}

/** @param {string} sha256 */
export async function drop(sha256) {
  await within("readwrite", (tx) => {
    tx.objectStore("entries").delete(sha256);
    tx.objectStore("pictures").delete(sha256);
  });
}

/** Everything, the choice of language and the date of the last file too. @returns {Promise<void>} */
export function eraseAll() {
  localStorage.clear();
  return new Promise((yes, no) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = () => yes();
    asked.onerror = asked.onblocked = () => no(asked.error ?? new Error("another window of the diary is open"));
  });
}
