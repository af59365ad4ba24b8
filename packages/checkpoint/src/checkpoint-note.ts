/** A checkpoint of the audit log (docs/evidence.md, "Checkpoints"): five lines of a signed note. */
import { readSignedNote } from './signed-note.ts'
import type { SignedNote } from './signed-note.ts'
import { isKeyName } from './note-keys.ts'

export type Checkpoint = {
  /** Which log; the name of the key, too. */
  origin: string
  /** The `seq` of the last entry it covers. */
  size: number
  /** 32 bytes. */
  root: Buffer
  /** The hash of that entry, hex. */
  head: string
  /** When it was signed, by the clock of the writer: `2026-11-23T10:15:30.123Z`. */
  time: string
}

/** What is signed. */
export function toCheckpointText({ origin, size, root, head, time }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\nhead ${head}\ntime ${time}\n`
}

/** Null: not a checkpoint. Who signed it is another question (follow-rotations.ts). */
export function readCheckpointNote(text: string): { note: SignedNote; checkpoint: Checkpoint } | null {
  const note = readSignedNote(text)
  if (!note) return null
  const [, origin, size, rootText, head, time] =
    /^([^\n]+)\n([1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\nhead ([0-9a-f]{64})\ntime (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/.exec(note.text) ?? []
  if (origin === undefined || size === undefined || rootText === undefined || head === undefined || time === undefined) return null
  const root = Buffer.from(rootText, 'base64')
  if (!isKeyName(origin) || root.toString('base64') !== rootText || !isMoment(time)) return null
  return { note, checkpoint: { origin, size: Number(size), root, head, time } }
}

/** That day and hour exist. */
function isMoment(text: string): boolean {
  const at = new Date(text)
  return !Number.isNaN(at.getTime()) && at.toISOString() === text
}
