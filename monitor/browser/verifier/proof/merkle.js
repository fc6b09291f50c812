/** The trees of RFC 6962, and the proof of a range of leaves (docs/FORMAT.md, 1). A hash is 32 bytes. */

import { concat, sha256 } from "./bytes.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** @param {Uint8Array} data */
export const leafHash = (data) => sha256(concat(LEAF, data));

/** @param {Uint8Array} left @param {Uint8Array} right */
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/**
 * The root that leaves `from` to `from + leaves.length` of a tree of `size` and the other nodes give. Null when the
 * numbers do not fit or the nodes are not used up. Of an empty tree alone no leaf is given: its root is the digest of nothing.
 * @param {number} from @param {Uint8Array[]} leaves leaf hashes @param {number} size @param {Uint8Array[]} nodes
 * @returns {Uint8Array | null}
 */
export function rangeRoot(from, leaves, size, nodes) {
  const to = from + leaves.length;
  if (from < 0 || to > size || nodes.length > 64 * 2 + leaves.length) return null;
  if (!leaves.length) return size || nodes.length ? null : sha256(new Uint8Array());
  let used = 0;
  /** @param {number} lo @param {number} hi @returns {Uint8Array | null} */
  const hash = (lo, hi) => {
    if (hi <= from || lo >= to) return used < nodes.length ? nodes[used++] : null;
    if (hi - lo === 1) return leaves[lo - from];
    const middle = lo + leftCount(hi - lo);
    const left = hash(lo, middle);
    const right = left && hash(middle, hi);
    return left && right && nodeHash(left, right);
  };
  const root = hash(0, size);
  return used === nodes.length ? root : null;
}

/** Largest power of two smaller than `count` (at least 2). @param {number} count */
function leftCount(count) {
  let left = 1;
  while (left * 2 < count) left *= 2;
  return left;
}
