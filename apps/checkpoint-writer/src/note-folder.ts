/** The folder of checkpoints. A note that stands there is never written again; a crash leaves whole files or none. */
import { randomUUID } from 'node:crypto'
import { link, open, readFile, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { listNoteFiles, toNoteFileName } from '@autopack/checkpoint/note-files'
import type { NoteKind } from '@autopack/checkpoint/note-files'

/** A note with this number is there already, and says something else. */
export class NoteExists extends Error {
  override readonly name = 'NoteExists'
}

/** The newest checkpoints that are kept; of older ones every thousandth, as many of those. Rotations and what was given up stay. */
export const keptCheckpoints = 1_000

const draftPrefix = '.draft-'

/** On the disk when this resolves. The same note again is no mistake; another one with its number throws NoteExists. */
export async function writeNote(directory: string, kind: NoteKind, no: number, text: string): Promise<void> {
  const file = join(directory, toNoteFileName(kind, no))
  const draft = await writeDraft(directory, text)
  try {
    // link(2) fails when the name exists; rename(2) would replace what stands there.
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if ((await readFile(file, 'utf8')) !== text) throw new NoteExists(`${file} stands there already, and is another note`)
  } finally {
    // A draft that stays does no harm, and goes with the next start.
    await removeIfPossible(draft)
  }
  await syncFolder(directory)
}

/** What a crash left of notes that were being written. Only whoever holds the folder's lock may call it. */
export async function removeDrafts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) if (name.startsWith(draftPrefix)) await removeIfPossible(join(directory, name))
}

/** Replaces `name`, whole or not at all. */
export async function replaceFile(directory: string, name: string, text: string): Promise<void> {
  const draft = await writeDraft(directory, text)
  try {
    await rename(draft, join(directory, name))
  } catch (error) {
    await removeIfPossible(draft)
    throw error
  }
  await syncFolder(directory)
}

/** A second name that nothing removes: what was signed of a log that is gone stays evidence of it. */
export async function keepForGood(directory: string, no: number): Promise<void> {
  const name = toNoteFileName('checkpoint', no)
  await link(join(directory, name), join(directory, `given-up-${name}`)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await syncFolder(directory)
}

/** The notes of this kind, the oldest first. */
export async function readNotes(directory: string, kind: NoteKind): Promise<string[]> {
  const files = listNoteFiles(await readdir(directory), kind)
  return Promise.all(files.map(({ name }) => readFile(join(directory, name), 'utf8')))
}

/** The newest checkpoint there is; null: none. */
export async function findNewestCheckpoint(directory: string): Promise<{ no: number; text: string } | null> {
  const newest = listNoteFiles(await readdir(directory), 'checkpoint').at(-1)
  return newest ? { no: newest.no, text: await readFile(join(directory, newest.name), 'utf8') } : null
}

export async function removeOldCheckpoints(directory: string): Promise<void> {
  const old = listNoteFiles(await readdir(directory), 'checkpoint').slice(0, -keptCheckpoints)
  const marks = old.filter(({ no }) => no % 1_000 === 0).slice(-keptCheckpoints)
  for (const file of old) if (!marks.includes(file)) await removeIfPossible(join(directory, file.name))
}

/** A file too many is no reason to sign nothing; the next round tries again. */
async function removeIfPossible(file: string): Promise<void> {
  await unlink(file).catch(() => undefined)
}

async function writeDraft(directory: string, text: string): Promise<string> {
  const draft = join(directory, `${draftPrefix}${randomUUID()}`)
  // Signed and public: the control plane may be another user.
  const handle = await open(draft, 'wx', 0o644)
  try {
    await handle.writeFile(text)
    await handle.sync()
    return draft
  } catch (error) {
    // A disk that is full is tried again and again.
    await removeIfPossible(draft)
    throw error
  } finally {
    await handle.close()
  }
}

async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
