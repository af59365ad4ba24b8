import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { readPrivateKey } from '@autopack/checkpoint/note-keys'
import { isProtectedConnection } from '@autopack/server-kit/production-problems'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDeploymentSecrets } from './deployment-secrets.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'deployment-secrets-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

const consoleOrigin = 'https://console.example.org'
const demoOnly = ['demo-agent-key', 'demo.json', 'shop-token']
const contentsOf = (folder: string) => Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

test('every secret can be read by any user of a container and changed by none, in a folder that only its owner enters, whatever the umask', () => {
  const before = process.umask(0o077)
  try {
    const folder = join(parent, 'secrets')
    const files = createDeploymentSecrets(folder, { demo: true, consoleOrigin })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(files.length).toBe(readdirSync(folder).length)
    for (const file of files) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o444])
  } finally {
    process.umask(before)
  }
})

test('a second time makes only what is missing', () => {
  createDeploymentSecrets(parent, { demo: false, consoleOrigin })
  const first = contentsOf(parent)
  rmSync(join(parent, 'bff-database-url'))
  createDeploymentSecrets(parent, { demo: true, consoleOrigin })
  const second = contentsOf(parent)
  expect(second).toMatchObject(first)
  expect(Object.keys(second).filter((name) => !(name in first))).toEqual(demoOnly)
})

test('without --demo there is nothing that production would refuse', () => {
  const names = createDeploymentSecrets(parent, { demo: false, consoleOrigin }).map((file) => basename(file))
  expect(names.filter((name) => demoOnly.includes(name))).toEqual([])
})

test('each database URL goes over a socket, as its own role, with the password of the file beside it', () => {
  createDeploymentSecrets(parent, { demo: false, consoleOrigin })
  const texts = contentsOf(parent)
  for (const [name, role] of [
    ['control-plane', 'autopack_control_plane'],
    ['migrator', 'autopack_migrator'],
    ['bff', 'autopack_bff'],
  ]) {
    const url = texts[`${name}-database-url`]!.trim()
    expect(isProtectedConnection(url)).toBe(true)
    expect([new URL(url).username, `${new URL(url).password}\n`]).toEqual([role, texts[`${name}-database-password`]])
  }
  expect(new Set(Object.values(texts)).size).toBe(Object.keys(texts).length)
})

test('the key of checkpoints bears the name of the log, and its public half stands beside it', () => {
  createDeploymentSecrets(parent, { demo: false, consoleOrigin })
  const texts = contentsOf(parent)
  const key = readPrivateKey(texts['checkpoint-private-key']!.trim())!
  expect([key.verifierKey.name, `${key.verifierKey.text}\n`]).toEqual(['console.example.org/audit', texts['checkpoint-keys']])
})

const command = (...parameters: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../secrets.ts'), '--dir', parent, ...parameters], { encoding: 'utf8' })

test('without --origin no key of checkpoints is made, but for a demo: an upgrade would name the log after a machine of its own', () => {
  const refused = command()
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/^--origin is missing: /)])
  expect(readdirSync(parent)).toEqual([])
  expect(command('--origin', 'https://console.example.org').status).toBe(0)
  const first = contentsOf(parent)
  rmSync(join(parent, 'migrator-database-url'))
  expect(command().status).toBe(0)
  expect(contentsOf(parent)['checkpoint-private-key']).toBe(first['checkpoint-private-key'])
})

test('the log of a demo is named after the demo', () => {
  expect(command('--demo').status).toBe(0)
  expect(contentsOf(parent)['checkpoint-keys']).toMatch(/^localhost:4600\/audit\+/)
})
