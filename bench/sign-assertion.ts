import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, importPKCS8, SignJWT } from 'jose'

/** Headers of the console itself, for asking the control plane directly with the demo's own keys. */
export async function createAssertionSigner(dataDirectory: string): Promise<(method: string, target: string) => Promise<Record<string, string>>> {
  const secrets = join(dataDirectory, 'secrets')
  const named = (part: string) =>
    readFileSync(
      join(
        secrets,
        readdirSync(secrets).find((file) => file.includes(part))!,
      ),
      'utf8',
    ).trim()
  const key = await importPKCS8(named('private'), 'EdDSA', { extractable: true })
  const { d: _, ...publicKey } = await exportJWK(key)
  const kid = await calculateJwkThumbprint(publicKey)
  const instanceKey = named('instance')
  const demo = JSON.parse(readFileSync(join(dataDirectory, 'secrets/demo.json'), 'utf8')) as { operators: { operator_id: string; name: string }[] }
  const subject = demo.operators.find((operator) => operator.name === 'admin')!.operator_id
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  return async (method, target) => ({
    'x-api-key': instanceKey,
    'x-operator-assertion': await new SignJWT({
      sid: hash('bench'),
      amr: ['pwd'],
      auth_time: Math.floor(Date.now() / 1000),
      htm: method,
      htp: target,
      bh: hash(''),
    })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'op-assertion+jwt', kid })
      .setIssuer('autopack-bff')
      .setAudience('autopack-control-plane')
      .setSubject(subject)
      .setIssuedAt()
      .setExpirationTime('60s')
      .setJti(randomUUID())
      .sign(key),
  })
}
