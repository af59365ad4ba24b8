/** What a receipt needs of the tree that checkpoints sign (docs/evidence.md). */
import { hashLeaf, joinNodes, listProofRanges, listSubtrees } from '@autopack/checkpoint/merkle-tree'
import type { LeafRange } from '@autopack/checkpoint/merkle-tree'
import type { Queryable } from '@autopack/server-kit/open-database'
import { and, between, eq, inArray, or } from 'drizzle-orm'
import { auditEventTable, auditSubtreeTable } from '../db/audit-tables.ts'

/** From this level up (2⁸ leaves), complete subtrees are rows; below, they are made of the entries. */
const leastLevel = 8
const chunkSize = 2 ** leastLevel
/** Each needs at most this many entries, or rows of subtrees; a receipt has some dozen events. */
const mostProofs = 500

/**
 * The inclusion proof (RFC 9162, 2.1.3) of each entry `seqs` in the tree over the first `size` entries: hashes in hex, lowest first, by seq.
 * Reads at most 256 entries for each and for the end of the tree, and some rows a level. Throws RangeError for a seq that such a tree does not
 * have, and for more than 500 of them; Error where the log is not as long as `size`.
 */
export async function proveInclusion(db: Queryable, seqs: readonly number[], size: number): Promise<Map<number, string[]>> {
  const wanted = [...new Set(seqs)]
  if (wanted.length > mostProofs) throw new RangeError(`more than ${mostProofs} proofs at once`)
  const proofs = new Map(wanted.map((seq) => [seq, listProofRanges(seq - 1, size).map(listSubtrees)]))
  const find = await readSubtrees(db, [...proofs.values()].flat(2))
  return new Map([...proofs].map(([seq, path]) => [seq, path.map((subtrees) => joinNodes(subtrees.map(find)).toString('hex'))]))
}

/** Reads all that `subtrees` need at once, and answers with what finds the hash of one. */
async function readSubtrees(db: Queryable, subtrees: readonly LeafRange[]): Promise<(subtree: LeafRange) => Buffer> {
  const large = new Map<string, { level: number; no: number }>()
  const chunks = new Set<number>()
  for (const subtree of subtrees) {
    const level = levelOf(subtree)
    if (level < leastLevel) chunks.add(Math.floor(subtree.start / chunkSize))
    else large.set(keyOf(subtree), { level, no: subtree.start / 2 ** level })
  }
  const nodes = new Map<string, Buffer>()
  if (large.size > 0) {
    const rows = await db
      .select()
      .from(auditSubtreeTable)
      .where(
        or(...groupByLevel([...large.values()]).map(([level, nos]) => and(eq(auditSubtreeTable.level, level), inArray(auditSubtreeTable.no, nos)))),
      )
      .limit(large.size)
    for (const { level, no, hash } of rows) nodes.set(keyOf({ start: no * 2 ** level, end: (no + 1) * 2 ** level }), hash)
  }
  const leaves = new Map<number, Buffer>()
  if (chunks.size > 0) {
    const rows = await db
      .select({ seq: auditEventTable.seq, hash: auditEventTable.hash })
      .from(auditEventTable)
      .where(or(...[...chunks].map((chunk) => between(auditEventTable.seq, chunk * chunkSize + 1, (chunk + 1) * chunkSize))))
      .limit(chunks.size * chunkSize)
    for (const { seq, hash } of rows) leaves.set(seq - 1, hash)
  }
  const find = (subtree: LeafRange): Buffer => {
    const known = nodes.get(keyOf(subtree))
    if (known) return known
    const node = levelOf(subtree) === 0 ? hashLeaf(leafAt(subtree.start)) : joinNodes(halve(subtree).map(find))
    nodes.set(keyOf(subtree), node)
    return node
  }
  const leafAt = (index: number): Buffer => {
    const leaf = leaves.get(index)
    if (!leaf) throw new Error(`the audit log has no entry ${index + 1}, or no subtree over it`)
    return leaf
  }
  return find
}

function halve({ start, end }: LeafRange): LeafRange[] {
  const middle = (start + end) / 2
  return [
    { start, end: middle },
    { start: middle, end },
  ]
}

function levelOf({ start, end }: LeafRange): number {
  return Math.round(Math.log2(end - start))
}

function keyOf({ start, end }: LeafRange): string {
  return `${start} ${end}`
}

function groupByLevel(rows: readonly { level: number; no: number }[]): [number, number[]][] {
  const levels = new Map<number, number[]>()
  for (const { level, no } of rows) levels.set(level, [...(levels.get(level) ?? []), no])
  return [...levels]
}
