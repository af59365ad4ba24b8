import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openChildren } from './child-processes.ts'
import type { Children } from './child-processes.ts'

let folder: string
let children: Children
const environment = { PATH: process.env.PATH, NODE_OPTIONS: '' }

function program(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}
const waits =
  "process.on('SIGTERM', () => { console.log('told to stop'); process.exit(0) }); process.send({ type: 'ready', port: 7 }); setInterval(() => {}, 1000)"

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'children-'))
  children = openChildren(folder, join(folder, 'logs'))
})
afterEach(async () => {
  await children.stop()
  rmSync(folder, { recursive: true })
})

test('a process is ready when it says so, with nothing but the environment it was given, and its log belongs to this user', async () => {
  const entry = program(
    'a.mjs',
    `console.log(Object.keys(process.env).filter((name) => !name.startsWith('NODE_') && name !== '__CF_USER_TEXT_ENCODING').join()); ${waits}`,
  )
  expect(await children.start('a', entry, environment)).toMatchObject({ port: 7 })
  expect(readFileSync(join(folder, 'logs/a.log'), 'utf8').trim()).toBe('PATH')
  expect(statSync(join(folder, 'logs/a.log')).mode & 0o777).toBe(0o600)
})

test('a process that ends by itself fails everything, with its name, its last 15 lines and its log', async () => {
  await children.start('steady', program('b.mjs', waits), environment)
  const entry = program(
    'c.mjs',
    "for (let line = 1; line <= 40; line += 1) console.log('line ' + line); console.log(JSON.stringify({ level: 50, time: 'T', name: 'c', msg: 'out of luck' })); process.exit(3)",
  )
  const failed = expect(children.failure).rejects.toThrow(/^shaky ended with status 3\. /)
  const error = await children.start('shaky', entry, environment).catch((error: Error) => error)
  await failed
  const message = (error as Error).message
  expect(message).toContain('  T error out of luck')
  expect(message).toContain('line 40')
  expect(message).not.toContain('line 26\n')
  expect(message).toContain(`Its log: ${join(folder, 'logs/shaky.log')}`)
})

test('processes that refuse their configuration are heard together, whoever ends first, without the rest of their logs', async () => {
  const refuses = (name: string, problem: string, afterMs: number) =>
    program(
      `${name}.mjs`,
      `console.log('noise'); setTimeout(() => { console.error('${name}: configuration: ${problem}'); process.exit(78) }, ${afterMs})`,
    )
  const first = children.start('bff', refuses('bff', 'CONSOLE_ORIGIN: is not an origin', 0), environment).catch((error: Error) => error.message)
  void children.start('control-plane', refuses('control-plane', 'DATABASE_URL: is not a URL', 100), environment).catch(() => undefined)
  const message = String(await first)
  await expect(children.failure).rejects.toThrow(message)
  expect(message.split('\n')).toEqual([
    'bff and control-plane refused the configuration. Everything is being stopped.',
    '',
    '  bff: configuration: CONSOLE_ORIGIN: is not an origin',
    '  control-plane: configuration: DATABASE_URL: is not a URL',
    '',
    `Their logs: ${join(folder, 'logs/bff.log')}, ${join(folder, 'logs/control-plane.log')}`,
  ])
})

test('stopping tells each process once and waits for it', async () => {
  await children.start('a', program('a.mjs', waits), environment)
  await children.start('demo-agent', program('d.mjs', waits), environment)
  await children.stop()
  for (const name of ['a', 'demo-agent']) expect(readFileSync(join(folder, `logs/${name}.log`), 'utf8')).toBe('told to stop\n')
})

test('the log of the start before is kept beside the new one', async () => {
  await children.start('a', program('a.mjs', `console.log('first'); ${waits}`), environment)
  await children.stop()
  children = openChildren(folder, join(folder, 'logs'))
  await children.start('a', program('a.mjs', `console.log('second'); ${waits}`), environment)
  expect(readFileSync(join(folder, 'logs/a.previous.log'), 'utf8')).toContain('first')
  expect(readFileSync(join(folder, 'logs/a.log'), 'utf8')).toBe('second\n')
})
