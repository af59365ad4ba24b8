import { constants } from 'node:fs'
import { access, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { listNoteFiles } from '@autopack/checkpoint/note-files'
import { noteLimitBytes } from '@autopack/checkpoint/signed-note'
import type { AuditStopped } from '@autopack/contract/checkpoints'
import type { Log } from '@autopack/server-kit/log'
import type { Database } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Settings } from '../environment.ts'
import type { SystemPrincipal } from '../shared/principal.ts'
import { findAuditStop } from './checkpoint-rows.ts'
import { recordCheckpoint } from './record-checkpoint.ts'
import { recordRotations } from './record-rotations.ts'

const principal: SystemPrincipal = { kind: 'system', name: 'checkpoint-folder' }

/**
 * Stores the newest checkpoint of the folder, before anything else is written: a database that was restored does not know what was signed after its
 * backup, and the folder does. A file that is none, or that nobody believed signed, is a warning. Answers why nothing is written now, or null.
 */
export async function takeOverCheckpoints(db: Database, { keys, directory }: Settings['checkpoints'], log: Log): Promise<AuditStopped | null> {
  const found = keys.length === 0 ? null : await readFolder(directory, log)
  if (found) await warnWhereRefused('checkpoint', recordCheckpoint(db, keys, found))
  const stopped = await findAuditStop(db)
  if (found && stopped === null) await warnWhereRefused('announcement of a key', recordRotations(db, keys, found.rotations, principal, null))
  return stopped

  async function warnWhereRefused(what: string, recorded: Promise<unknown>): Promise<void> {
    try {
      await recorded
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'checkpoint_refused') throw error
      log.warn(`the newest ${what} in ${directory} is not believed: ${error.detail}`)
    }
  }
}

/** Whether the folder is there and this process cannot write into it: otherwise it is no witness, whatever else is said about it. */
export async function isOutOfReach(directory: string): Promise<boolean> {
  const may = async (mode: number) =>
    access(directory, mode).then(
      () => true,
      () => false,
    )
  return (await may(constants.R_OK | constants.X_OK)) && !(await may(constants.W_OK))
}

async function readFolder(directory: string, log: Log): Promise<{ note: string; rotations: string[] } | null> {
  try {
    const names = await readdir(directory)
    const newest = listNoteFiles(names, 'checkpoint').at(-1)
    if (!newest) return null
    const rotations = await Promise.all(listNoteFiles(names, 'rotation').map(({ name }) => readNote(join(directory, name))))
    return { note: await readNote(join(directory, newest.name)), rotations }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // The first start of all comes before the first checkpoint.
    if (code !== 'ENOENT') log.warn(`the folder of checkpoints ${directory} cannot be read: ${code ?? message}`)
    return null
  }
}

/** At most as much as a note may have; what is longer is none. */
async function readNote(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(noteLimitBytes + 1))
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await handle.close()
  }
}
