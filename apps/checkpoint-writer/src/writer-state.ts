/** What the writer knows of the log when it starts again: `state.json` in its folder, replaced whole. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { replaceFile } from './note-folder.ts'

const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const whole = z.int().check(z.gte(0))
const numbered = z.strictObject({ no: whole, note: z.string() })

const stateSchema = z.strictObject({
  v: z.literal(1),
  /** Entries that were read and held; the hash of the last of them; the complete subtrees over them, the largest first. */
  size: whole,
  head: hex,
  nodes: z.array(hex),
  /** Whose folder it is; null: of whichever key comes next. */
  key_id: z.nullable(z.string()),
  /** The number of the last checkpoint there was; it is never used again. */
  last_no: whole,
  /** The newest checkpoint. It stands here before it stands in its file; null: nothing is signed of this log yet. */
  checkpoint: z.nullable(z.strictObject({ ...numbered.shape, size: whole, head: hex, signed_at: z.string() })),
  /** The newest announcement of a key; here before it stands in its file. */
  rotation: z.nullable(numbered),
  /** The key is not believed up to this size. */
  above: whole,
  /** The log has to come by this before anything of it is signed: what an earlier writer signed. */
  expects: z.nullable(z.strictObject({ size: z.int().check(z.gte(1)), head: hex, root: hex })),
  /** The log has to say that the checkpoint with this head was given up, before anything of it is signed. */
  restored: z.nullable(z.strictObject({ head: hex, reason: z.string() })),
})
export type WriterState = z.infer<typeof stateSchema>

export const emptyState: WriterState = {
  v: 1,
  size: 0,
  head: '0'.repeat(64),
  nodes: [],
  key_id: null,
  last_no: 0,
  checkpoint: null,
  rotation: null,
  above: 0,
  expects: null,
  restored: null,
}

const fileName = 'state.json'

/** Null: there is none. Throws Error with one line when it cannot be read as one. */
export async function readState(directory: string): Promise<WriterState | null> {
  let text: string
  try {
    text = await readFile(join(directory, fileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return z.parse(stateSchema, JSON.parse(text))
  } catch {
    throw new Error(`${join(directory, fileName)} cannot be read as the state of a checkpoint writer; move it away, and the log is read anew`)
  }
}

export async function writeState(directory: string, state: WriterState): Promise<void> {
  await replaceFile(directory, fileName, `${JSON.stringify(z.parse(stateSchema, state))}\n`)
}
