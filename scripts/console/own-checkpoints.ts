import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listNoteFiles } from '@autopack/checkpoint/note-files'
import { checkpointKeysFile } from '../secrets/checkpoint-secrets.ts'

/** What a log is held against: verifier keys, the newest checkpoint, rotations, the oldest first. */
export type OwnCheckpoints = { folder: string; trustedKeys: string[]; checkpoints: string[]; rotations: string[] }

/**
 * The newest checkpoint of the console that runs with this data folder. Null: none was signed yet, or none since an older database was accepted,
 * which gave up all that had been signed; or the key of the log is kept elsewhere.
 */
export function readOwnCheckpoints(dataDir: string): OwnCheckpoints | null {
  const folder = join(dataDir, 'checkpoints')
  const keys = checkpointKeysFile(join(dataDir, 'secrets'))
  if (!existsSync(folder) || !existsSync(keys)) return null
  const names = readdirSync(folder)
  const prefix = 'given-up-'
  const givenUp = listNoteFiles(
    names.flatMap((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : [])),
    'checkpoint',
  ).at(-1)
  const newest = listNoteFiles(names, 'checkpoint').at(-1)
  if (newest === undefined || newest.no <= (givenUp?.no ?? 0)) return null
  const read = ({ name }: { name: string }) => readFileSync(join(folder, name), 'utf8')
  const trustedKeys = readFileSync(keys, 'utf8').split(/\s+/).filter(Boolean)
  return { folder, trustedKeys, checkpoints: [read(newest)], rotations: listNoteFiles(names, 'rotation').map(read) }
}
