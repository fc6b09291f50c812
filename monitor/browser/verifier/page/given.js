/** What a person gives: a folder dropped or chosen, or an archive, as names and files. */

/** @typedef {import("../proof/folder.js").Given} Given */

/** The files of a chooser. @param {FileList} files @returns {Given[]} */
export const chosen = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

/**
 * Everything that was dropped. Items can be asked during the event only, so all are asked before anything is awaited.
 * @param {DataTransfer} transfer @returns {Promise<Given[]>}
 */
export async function dropped(transfer) {
  const asked = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => ({
    // Chromium gives no file of an entry to a page opened from the disk (EncodingError); it does of a handle.
    handle: /** @type {any} */ (item).getAsFileSystemHandle?.().catch(() => null),
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found = await Promise.all(asked.map(async ({ handle, entry, file }) => {
    const opened = await handle;
    if (opened) return ofHandle(opened, "");
    if (entry) return ofEntry(entry, "");
    return file ? [{ name: file.name, file }] : [];
  }));
  return found.flat();
}

/** @param {any} handle FileSystemHandle @param {string} above @returns {Promise<Given[]>} */
async function ofHandle(handle, above) {
  const name = above + handle.name;
  if (handle.kind === "file") return [{ name, file: await handle.getFile() }];
  const out = [];
  for await (const one of handle.values()) out.push(...(await ofHandle(one, `${name}/`)));
  return out;
}

/** @param {FileSystemEntry} entry @param {string} above @returns {Promise<Given[]>} */
async function ofEntry(entry, above) {
  const name = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    return [{ name, file }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const out = [];
  for (;;) {
    // A reader gives a hundred entries at a time, then none.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return out;
    for (const one of some) out.push(...(await ofEntry(one, `${name}/`)));
  }
}
