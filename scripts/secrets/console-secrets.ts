import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { keepSecret, writeSecret } from './keep-secret.ts'

/** What the two servers share, wherever they run. */
export type ConsoleSecretFiles = { instanceKey: string; privateKey: string; publicKey: string; assertionJwks: string }

/** Paths of the servers' secrets in `folder`; what is missing is made with `mode`, and nothing is ever overwritten. */
export function createConsoleSecrets(folder: string, mode: number): ConsoleSecretFiles {
  const files: ConsoleSecretFiles = {
    instanceKey: join(folder, 'instance-key'),
    privateKey: join(folder, 'jwt-private.pem'),
    publicKey: join(folder, 'jwt-public.pem'),
    assertionJwks: join(folder, 'operator-assertion-jwks.json'),
  }
  keepSecret(files.instanceKey, mode, () => randomBytes(32).toString('base64url'))
  if ([files.privateKey, files.publicKey, files.assertionJwks].some((path) => !existsSync(path))) writeSigningKey(files, mode)
  return files
}

/** One Ed25519 pair signs sessions and assertions; `kid` is the JWK thumbprint (RFC 7638, RFC 8037). */
function writeSigningKey(files: ConsoleSecretFiles, mode: number): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { crv, kty, x } = publicKey.export({ format: 'jwk' })
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
  writeSecret(files.privateKey, mode, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  writeSecret(files.publicKey, mode, publicKey.export({ type: 'spki', format: 'pem' }).toString())
  writeSecret(files.assertionJwks, mode, JSON.stringify({ keys: [{ kty, crv, x, kid, alg: 'EdDSA', use: 'sig' }] }))
}
