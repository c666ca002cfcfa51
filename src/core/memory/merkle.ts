/** Hash of bytes, 32 bytes. */
export type HashBytes = (bytes: Uint8Array) => Uint8Array;

/** Joined by what marks an inner node, so that no node can pass for a leaf. */
function node(left: Uint8Array, right: Uint8Array, hash: HashBytes): Uint8Array {
  const joined = new Uint8Array(1 + left.length + right.length);
  joined[0] = 1;
  joined.set(left, 1);
  joined.set(right, 1 + left.length);
  return hash(joined);
}

/**
 * The Merkle tree hash over leaves that are hashed already (RFC 6962 section 2.1: `SHA-256(0x00 || entry)`); of none, the hash of nothing.
 * Pairs are joined level by level and a last odd one moves up as it is, which gives the same tree as the recursive definition. O(n).
 */
export function merkleRoot(leaves: readonly Uint8Array[], hash: HashBytes): Uint8Array {
  let level: readonly Uint8Array[] = leaves;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const left = level[at] as Uint8Array; // within the level
      const right = level[at + 1];
      above.push(right === undefined ? left : node(left, right, hash));
    }
    level = above;
  }
  return level[0] ?? hash(new Uint8Array(0));
}
