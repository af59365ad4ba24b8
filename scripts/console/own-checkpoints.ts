import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { listNoteFiles } from '@autopack/checkpoint/note-files'
import { checkpointKeysFile } from '../secrets/checkpoint-secrets.ts'

/** What a log is held against: verifier keys, the newest checkpoint that was not given up, rotations, the oldest first. */
export type OwnCheckpoints = { folder: string; trustedKeys: string[]; checkpoints: string[]; rotations: string[] }

/** The checkpoints of the console that runs with this data folder; null: none was signed yet, or the key of the log is kept elsewhere. */
export function readOwnCheckpoints(dataDir: string): OwnCheckpoints | null {
  const folder = join(dataDir, 'checkpoints')
  const keys = checkpointKeysFile(join(dataDir, 'secrets'))
  if (!existsSync(folder) || !existsSync(keys)) return null
  const names = readdirSync(folder)
  const newest = listNoteFiles(names, 'checkpoint').findLast(({ name }) => !names.includes(`given-up-${name}`))
  if (newest === undefined) return null
  const read = ({ name }: { name: string }) => readFileSync(join(folder, name), 'utf8')
  const trustedKeys = readFileSync(keys, 'utf8').split(/\s+/).filter(Boolean)
  return { folder, trustedKeys, checkpoints: [read(newest)], rotations: listNoteFiles(names, 'rotation').map(read) }
}
