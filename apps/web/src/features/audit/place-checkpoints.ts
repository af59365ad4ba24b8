export type PlacedCheckpoint = { size: number; time: string }
export type CheckpointLine = {
  /** The newest of them. */
  checkpoint: PlacedCheckpoint
  /** How many more stand at the same place. */
  more: number
}

/**
 * The checkpoints between the shown entries, newest first, by the place of the entry that they come above: each covers that entry and
 * not the shown one over it. What stands above the newest shown entry is at its place only while nothing newer is left out.
 * `checkpoints` newest first.
 */
export function placeCheckpoints(seqs: readonly number[], checkpoints: readonly PlacedCheckpoint[]): Map<number, CheckpointLine> {
  const lines = new Map<number, CheckpointLine>()
  let place = 0
  for (const checkpoint of checkpoints) {
    while (place < seqs.length && seqs[place]! > checkpoint.size) place += 1
    if (place === seqs.length) break
    const line = lines.get(place)
    if (line === undefined) lines.set(place, { checkpoint, more: 0 })
    else line.more += 1
  }
  return lines
}

/** The first checkpoint that covers an entry; undefined: none of these does. */
export function findSealing<C extends PlacedCheckpoint>(seq: number, checkpoints: readonly C[]): C | undefined {
  return checkpoints.findLast(({ size }) => size >= seq)
}
