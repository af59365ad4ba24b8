import { createHash } from 'node:crypto'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { addLeaf, rootOf } from '@autopack/checkpoint/merkle-tree'
import type { CompactTree } from '@autopack/checkpoint/merkle-tree'
import { mostCheckpointEntries } from '@autopack/contract/checkpoints'
import type { WriterState } from './writer-state.ts'

/** The log is not the one that was read before, or not a log. Nothing of it is signed. */
export class LogDiffers extends Error {
  override readonly name = 'LogDiffers'
}

type Known = Pick<WriterState, 'size' | 'head' | 'nodes' | 'expects'>

/**
 * Goes on with the log from where `known` ends, to its end: each entry has to follow the one before, hash as it says, and be canonical. What was
 * signed before has to be in it; `givenUp`: it has to say that the checkpoint with this head was given up. Throws LogDiffers, and whatever `listEntries` throws; `known` is never changed.
 */
export async function followLog(known: Known, listEntries: (from: number) => Promise<string[]>, givenUp: string | null = null): Promise<Known> {
  let tree: CompactTree = { size: known.size, nodes: known.nodes.map((node) => Buffer.from(node, 'hex')) }
  let { head, expects } = known
  let isSaid = givenUp === null
  for (;;) {
    // With the last entry that is known, which shows whether this is still the same log.
    const lines = await listEntries(Math.max(1, tree.size))
    const entries = lines.map(readEntry)
    if (tree.size > 0) {
      const own = entries.shift()
      if (!own) throw new LogDiffers(`the log ends before entry ${tree.size}, which was read before`)
      if (own.seq !== tree.size || own.hash !== head) throw new LogDiffers(`entry ${tree.size} of the log is not the one that was read before`)
    }
    for (const entry of entries) {
      const seq = tree.size + 1
      if (entry.seq !== seq) throw new LogDiffers(`entry ${entry.seq} stands where entry ${seq} belongs`)
      if (entry.prev !== head) throw new LogDiffers(`entry ${seq} does not follow entry ${seq - 1}`)
      if (hashOf(entry) !== entry.hash) throw new LogDiffers(`entry ${seq} does not have the hash that it says`)
      const event = readCanonical(entry.event, seq)
      tree = addLeaf(tree, Buffer.from(entry.hash, 'hex'))
      head = entry.hash
      if (expects?.size === seq) {
        if (expects.head !== head || expects.root !== rootOf(tree).toString('hex'))
          throw new LogDiffers(`the log does not hold against the checkpoint of size ${seq} in the folder`)
        expects = null
      }
      isSaid ||= saysGivenUp(event, givenUp!)
    }
    if (lines.length < mostCheckpointEntries) break
  }
  if (expects) throw new LogDiffers(`the log ends at ${tree.size}, before the checkpoint of size ${expects.size} in the folder`)
  if (!isSaid) throw new LogDiffers('the log does not say that the newest checkpoint in the folder was given up')
  return { size: tree.size, head, nodes: tree.nodes.map((node) => node.toString('hex')), expects }
}

type Entry = { seq: number; prev: string; hash: string; /** As it came. */ event: string }

function readEntry(line: string): Entry {
  // `[^]`: U+2028 and U+2029 stand in JSON as they are, and `.` does not take them.
  const [, seq, prev, hash, event] = /^\{"seq":([1-9]\d{0,14}),"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","event":(\{[^]*\})\}$/.exec(line) ?? []
  if (seq === undefined || prev === undefined || hash === undefined || event === undefined)
    throw new LogDiffers('the control plane sent a line that is no entry')
  return { seq: Number(seq), prev, hash, event }
}

function hashOf({ seq, prev, event }: Entry): string {
  const start = Buffer.alloc(41)
  start[0] = 0x01
  start.writeBigUInt64BE(BigInt(seq), 1)
  start.write(prev, 9, 'hex')
  return createHash('sha256').update(start).update(event, 'utf8').digest('hex')
}

/** An entry that is not canonical would be in a signed log that no verifier accepts. */
function readCanonical(text: string, seq: number): Record<string, unknown> {
  try {
    const event = JSON.parse(text) as Record<string, unknown>
    if (canonicalize(event) === text) return event
  } catch {
    // Said below.
  }
  throw new LogDiffers(`the event of entry ${seq} is not canonical`)
}

function saysGivenUp(event: Record<string, unknown>, head: string): boolean {
  const { event_type, payload_summary } = event
  return event_type === 'audit.restored' && typeof payload_summary === 'string' && payload_summary.includes(head)
}
