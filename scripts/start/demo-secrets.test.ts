import { createPublicKey, createPrivateKey, sign, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readExecutorKey } from '@autopack/server-kit/executor-key'
import { createDemoSecrets, readDemoFile } from './demo-secrets.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('every secret is a file of its own that only this user reads, in a folder of this user', () => {
  const files = createDemoSecrets(folder)
  expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700)
  for (const path of Object.values(files)) expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600])
})

test('a second start finds the same secrets', () => {
  const first = Object.values(createDemoSecrets(folder)).map((path) => readFileSync(path, 'utf8'))
  const second = Object.values(createDemoSecrets(folder)).map((path) => readFileSync(path, 'utf8'))
  expect(second).toEqual(first)
})

test.each(['{"operators": [', 'null', '{}', '{"operators":[{"name":"admin"}],"executors":[]}'])(
  'a damaged file of sign-ins (%s) is one line with its name and the remedy, and never its text',
  (text) => {
    const path = join(folder, 'demo.json')
    writeFileSync(path, text)
    expect(() => readDemoFile(path)).toThrow(new Error(`${path} cannot be read as the sign-ins of the demo: npm start -- --fresh starts over.`))
  },
)

test('the demo has one operator of each role, and an agent whose key the admin owns', () => {
  const files = createDemoSecrets(folder)
  const { operators, executors } = readDemoFile(files.demo)
  expect(operators.map(({ name, role }) => [name, role])).toEqual([
    ['admin', 'admin'],
    ['approver', 'approver'],
    ['viewer', 'viewer'],
  ])
  expect(new Set(operators.map(({ password }) => password)).size).toBe(3)
  expect(executors[0]).toMatchObject({ name: 'demo-agent', owner_operator_id: operators[0]!.operator_id, shared_with_everyone: true })
  expect(readExecutorKey(executors[0]!.key)).not.toBeNull()
  expect(readFileSync(files.agentKey, 'utf8').trim()).toBe(executors[0]!.key)
})

test('the key set holds the public half of the signing key and nothing private', () => {
  const files = createDemoSecrets(folder)
  const { keys } = JSON.parse(readFileSync(files.assertionJwks, 'utf8')) as { keys: Array<Record<string, string>> }
  expect(Object.keys(keys[0]!).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  const signature = sign(null, Buffer.from('words'), createPrivateKey(readFileSync(files.privateKey)))
  expect(verify(null, Buffer.from('words'), createPublicKey({ key: keys[0]!, format: 'jwk' }), signature)).toBe(true)
  expect(verify(null, Buffer.from('words'), createPublicKey(readFileSync(files.publicKey)), signature)).toBe(true)
})
