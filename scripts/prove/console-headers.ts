import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Signs as the console does: the headers with which a person's request to the operator plane is believed. */
export type ConsoleHeaders = (operatorId: string, method: string, target: string, body: string) => Record<string, string>

/** Speaks for the console of a data folder, whose secrets are these files. */
export function openConsoleHeaders(secrets: { instanceKey: string; privateKey: string; assertionJwks: string }): ConsoleHeaders {
  const read = (path: string) => readFileSync(path, 'utf8').trim()
  const instanceKey = read(secrets.instanceKey)
  const key = createPrivateKey(read(secrets.privateKey))
  const { kid } = (JSON.parse(read(secrets.assertionJwks)) as { keys: { kid: string }[] }).keys[0]!
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  return (operatorId, method, target, body) => {
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      ...{ iss: 'autopack-bff', aud: 'autopack-control-plane', sub: operatorId, sid: sha256(operatorId), amr: ['pwd'] },
      ...{ auth_time: now - 30, iat: now, exp: now + 60, jti: randomUUID(), htm: method, htp: target, bh: sha256(body) },
    }
    const signed = `${encode({ alg: 'EdDSA', typ: 'op-assertion+jwt', kid })}.${encode(claims)}`
    return { 'x-api-key': instanceKey, 'x-operator-assertion': `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}` }
  }
}
