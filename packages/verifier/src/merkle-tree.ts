import { sha256 as pureSha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

/** SHA-256 of bytes, 32 bytes. A command may bring one that is faster than the one that runs everywhere. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/**
 * The right edge of a Merkle tree (RFC 9162, section 2.1): the roots of the whole trees that the leaves so far make, the largest first, one
 * for each bit that is set in `size`. Never changed: whoever keeps one can go on from there again.
 */
export type TreeEdge = { size: number; roots: readonly Uint8Array[] }

export const emptyEdge: TreeEdge = { size: 0, roots: [] }

/** The edge with one leaf more; `hash` is the 32-byte hash of the entry. */
export function appendLeaf({ size, roots }: TreeEdge, hash: Uint8Array, sha256: Sha256 = pureSha256): TreeEdge {
  let root = hashLeaf(hash, sha256)
  let count = roots.length
  // Every bit that carries joins two whole trees. Numbers beyond 32 bits have no bit operators.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) root = hashNode(roots[(count -= 1)]!, root, sha256)
  return { size: size + 1, roots: [...roots.slice(0, count), root] }
}

/** The root of the tree, 64 lower-case hex digits. Throws Error for a tree without leaves. */
export function rootOf({ roots }: TreeEdge, sha256: Sha256 = pureSha256): string {
  if (roots.length === 0) throw new Error('a tree without leaves has no root here')
  return bytesToHex(roots.reduceRight((right, left) => hashNode(left, right, sha256)))
}

/**
 * The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2), in hex; null where the path is not one for this place and size.
 * `seq` counts from 1; hashes are 64 lower-case hex digits, the path's lowest first.
 */
export function rootOfInclusion(seq: number, size: number, hash: string, path: readonly string[]): string | null {
  if (seq < 1 || seq > size) return null
  let place = seq - 1
  let last = size - 1
  let root = hashLeaf(hexToBytes(hash), pureSha256)
  for (const step of path) {
    if (last === 0) return null
    const sibling = hexToBytes(step)
    if (place % 2 === 1 || place === last) {
      root = hashNode(sibling, root, pureSha256)
      while (place % 2 === 0 && place > 0) {
        place = place / 2
        last = Math.floor(last / 2)
      }
    } else {
      root = hashNode(root, sibling, pureSha256)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? bytesToHex(root) : null
}

function hashLeaf(hash: Uint8Array, sha256: Sha256): Uint8Array {
  const leaf = new Uint8Array(33)
  leaf.set(hash, 1)
  return sha256(leaf)
}

function hashNode(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  const node = new Uint8Array(65)
  node[0] = 1
  node.set(left, 1)
  node.set(right, 33)
  return sha256(node)
}
