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
}

const fileName = 'state.json'

/** Another process wrote in the folder, although this one holds its lock. */
export class StateChanged extends Error {
  override readonly name = 'StateChanged'
}

/** Null: there is none. Throws Error with one line when it cannot be read as one. */
export async function readState(directory: string): Promise<{ state: WriterState; text: string } | null> {
  const text = await readStateText(directory)
  if (text === null) return null
  try {
    return { state: z.parse(stateSchema, JSON.parse(text)), text }
  } catch {
    throw new Error(`${join(directory, fileName)} cannot be read as the state of a checkpoint writer; move it away, and the log is read anew`)
  }
}

/** The file, byte for byte. */
export function toStateText(state: WriterState): string {
  return `${JSON.stringify(z.parse(stateSchema, state))}\n`
}

/** Replaces one of `before`; null: there is none yet. Throws StateChanged where something else stands there. */
export async function writeState(directory: string, state: WriterState, before: readonly (string | null)[]): Promise<void> {
  if (!before.includes(await readStateText(directory)))
    throw new StateChanged(`${join(directory, fileName)} was written by another process: two writers must never share a folder`)
  await replaceFile(directory, fileName, toStateText(state))
}

async function readStateText(directory: string): Promise<string | null> {
  try {
    return await readFile(join(directory, fileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
