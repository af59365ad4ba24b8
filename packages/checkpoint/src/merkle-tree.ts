/**
 * The Merkle tree of RFC 9162 (2.1.1) over the hashes of audit entries: leaf _i_, from 0, is the 32-byte hash of the entry with `seq` _i_ + 1.
 * Leaves are SHA-256(0x00 ‖ hash), nodes SHA-256(0x01 ‖ left ‖ right). Sizes and indices are integers below 2⁵³.
 */
import { createHash } from 'node:crypto'

const leafPrefix = Buffer.from([0x00])
const nodePrefix = Buffer.from([0x01])

export function hashLeaf(entryHash: Uint8Array): Buffer {
  return createHash('sha256').update(leafPrefix).update(entryHash).digest()
}

export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest()
}

/** The leaves `start` up to, not including, `end`. */
export type LeafRange = { start: number; end: number }

/**
 * A tree as little as it takes to go on with it: its complete subtrees, the largest (oldest leaves) first, one for each bit of `size`.
 * Never changed in place.
 */
export type CompactTree = { size: number; nodes: readonly Buffer[] }

export const emptyTree: CompactTree = { size: 0, nodes: [] }

export function addLeaf(tree: CompactTree, entryHash: Uint8Array): CompactTree {
  const nodes = [...tree.nodes]
  let node = hashLeaf(entryHash)
  // As many subtrees are as large as what is added as the size has ones at its end.
  for (let size = tree.size; size % 2 === 1; size = (size - 1) / 2) node = hashNode(nodes.pop()!, node)
  nodes.push(node)
  return { size: tree.size + 1, nodes }
}

/** The root; an empty tree throws. */
export function rootOf(tree: CompactTree): Buffer {
  if (tree.nodes.length === 0) throw new RangeError('an empty tree has no root here')
  return joinNodes(tree.nodes)
}

/** The node over what `nodes` are over together, the oldest leaves first; each but the last as large as all that follow it, or larger. */
export function joinNodes(nodes: readonly Buffer[]): Buffer {
  return nodes.reduceRight((right, left) => hashNode(left, right))
}

/** What hashes to the node over `range`, largest first: each complete, that is of 2ⁿ leaves that begin at a multiple of 2ⁿ. */
export function listSubtrees({ start, end }: LeafRange): LeafRange[] {
  const subtrees: LeafRange[] = []
  for (let at = start; at < end;) {
    const length = largestPowerOfTwo(end - at)
    subtrees.push({ start: at, end: at + length })
    at += length
  }
  return subtrees
}

/** The inclusion proof of leaf `index` in the tree of `size` leaves (RFC 9162, 2.1.3), as the ranges its hashes are over, lowest first. */
export function listProofRanges(index: number, size: number): LeafRange[] {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) throw new RangeError('no such leaf in such a tree')
  const ranges: LeafRange[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + largestPowerOfTwo(end - start - 1)
    if (index < middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
    }
  }
  return ranges.toReversed()
}

/** The largest that is not above `number`, which is at least 1. */
function largestPowerOfTwo(number: number): number {
  let power = 1
  while (power * 2 <= number) power *= 2
  return power
}
