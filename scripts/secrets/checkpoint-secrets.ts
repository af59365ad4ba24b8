import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { keepSecret } from './keep-secret.ts'

/** The private key is for the checkpoint writer alone; `checkpointKeys` may be known to everybody. */
export type CheckpointSecretFiles = { checkpointApiKey: string; checkpointPrivateKey: string; checkpointKeys: string }

/** Then the log has its name already. */
export function hasCheckpointKey(folder: string): boolean {
  return existsSync(pathsIn(folder).checkpointPrivateKey)
}

/**
 * Paths of the secrets of checkpoints in `folder`; what is missing is made with `mode`, and nothing is ever overwritten. `consoleOrigin` gives the
 * log its name: `console.example.org/audit`; null where there is a key that bears it. Throws where that is missing, too.
 */
export function createCheckpointSecrets(folder: string, mode: number, consoleOrigin: string | null): CheckpointSecretFiles {
  const files = pathsIn(folder)
  keepSecret(files.checkpointApiKey, mode, () => randomBytes(32).toString('base64url'))
  keepSecret(files.checkpointPrivateKey, mode, () => {
    if (consoleOrigin === null) throw new Error('the key of checkpoints bears the name of the log, which comes from the origin of the console')
    return createPrivateKeyText(`${new URL(consoleOrigin).host}/audit`)
  })
  keepSecret(files.checkpointKeys, mode, () => {
    const key = readPrivateKey(readFileSync(files.checkpointPrivateKey, 'utf8').trim())
    if (!key) throw new Error(`${files.checkpointPrivateKey} holds no private key of a signed note`)
    return key.verifierKey.text
  })
  return files
}

/** Where the keys that anybody may know stand. */
export function checkpointKeysFile(folder: string): string {
  return pathsIn(folder).checkpointKeys
}

function pathsIn(folder: string): CheckpointSecretFiles {
  return {
    checkpointApiKey: join(folder, 'checkpoint-api-key'),
    checkpointPrivateKey: join(folder, 'checkpoint-private-key'),
    checkpointKeys: join(folder, 'checkpoint-keys'),
  }
}
