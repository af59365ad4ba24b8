import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { keepSecret } from './keep-secret.ts'

/** The private key is for the checkpoint writer alone; `checkpointKeys` may be known to everybody. */
export type CheckpointSecretFiles = { checkpointApiKey: string; checkpointPrivateKey: string; checkpointKeys: string }

/**
 * Paths of the secrets of checkpoints in `folder`; what is missing is made with `mode`, and nothing is ever overwritten. `consoleOrigin` gives the
 * log its name: `console.example.org/audit`.
 */
export function createCheckpointSecrets(folder: string, mode: number, consoleOrigin: string): CheckpointSecretFiles {
  const files: CheckpointSecretFiles = {
    checkpointApiKey: join(folder, 'checkpoint-api-key'),
    checkpointPrivateKey: join(folder, 'checkpoint-private-key'),
    checkpointKeys: join(folder, 'checkpoint-keys'),
  }
  keepSecret(files.checkpointApiKey, mode, () => randomBytes(32).toString('base64url'))
  keepSecret(files.checkpointPrivateKey, mode, () => createPrivateKeyText(`${new URL(consoleOrigin).host}/audit`))
  keepSecret(files.checkpointKeys, mode, () => {
    const key = readPrivateKey(readFileSync(files.checkpointPrivateKey, 'utf8').trim())
    if (!key) throw new Error(`${files.checkpointPrivateKey} holds no private key of a signed note`)
    return key.verifierKey.text
  })
  return files
}
