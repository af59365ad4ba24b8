/** The start itself, with a data folder and ports of its own: what it says, what it keeps, how it ends. */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { console_, firstPort, root } from './running-console.ts'

test.describe.configure({ mode: 'serial' })
const folder = mkdtempSync(join(tmpdir(), 'autopack-start-'))
const dataDirectory = join(folder, 'data')
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

const port = firstPort + 80
const ports = [port, port + 1, port + 2] as const
const portFlags = (from: number) => ['--port', String(from), '--control-plane-port', String(from + 1), '--shop-port', String(from + 2)]

type Started = { child: ChildProcess; output: () => string; ended: Promise<number | null> }

async function start(...flags: string[]): Promise<Started> {
  const args = ['--data-dir', dataDirectory, ...portFlags(port), '--no-agent', ...flags]
  const child = spawn(process.execPath, ['scripts/start.ts', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await expect.poll(() => output, { timeout: 120_000 }).toContain('Ctrl-C')
  return { child, output: () => output, ended }
}

const passwordsIn = (text: string) => [...text.matchAll(/^ +(admin|approver|viewer) +(\S+)/gm)].map((found) => `${found[1]} ${found[2]}`)
let first = ''

test('it says where the console is, who may sign in, and what it switched on for its own processes only', async () => {
  const started = await start('--fresh')
  first = started.output()
  expect(first).toContain(`http://localhost:${port}`)
  expect(passwordsIn(first)).toHaveLength(3)
  expect(first).toMatch(/external actions and DEMO_SHOP_PUBLISH; dry run is off/)
  const secrets = join(dataDirectory, 'secrets')
  for (const file of readdirSync(secrets))
    expect([file, execFileSync('stat', ['-c', '%a', join(secrets, file)], { encoding: 'utf8' }).trim()]).toEqual([file, '600'])
  started.child.kill('SIGINT')
  expect(await started.ended).toBe(0)
})

test('a second start prints the same sign-ins; when one process dies all stop, with its last lines and its log', async () => {
  const started = await start()
  expect(passwordsIn(started.output())).toEqual(passwordsIn(first))
  const children = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(started.child.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
  expect(children).toHaveLength(4)
  process.kill(Number(/\d+/.exec(children.find((line) => line.includes('apps/bff'))!)![0]), 'SIGKILL')
  expect(await started.ended).toBe(1)
  expect(started.output()).toMatch(/bff/)
  expect(started.output()).toContain(join(dataDirectory, 'logs', 'bff.log'))
  for (const each of ports) await expect(fetch(`http://127.0.0.1:${each}/livez`)).rejects.toThrow()
})

test('the chain of a console that is not running verifies too, from its files', () => {
  const verified = execFileSync(process.execPath, ['scripts/verify-audit.ts', '--data-dir', dataDirectory], { cwd: root, encoding: 'utf8' })
  expect(verified).toMatch(/VERIFIED (?:the first \d+ of )?\d+ events[^]*The checkpoint holds/)
})

test('a second copy on the same ports or the same folder is refused in one line', () => {
  const refuse = (...args: string[]) => {
    try {
      execFileSync(process.execPath, ['scripts/start.ts', ...args], { cwd: root, encoding: 'utf8', stdio: 'pipe' })
      return 'started'
    } catch (error) {
      return (error as { stderr: string }).stderr.trim()
    }
  }
  const busy = refuse('--data-dir', dataDirectory, '--port', String(console_.port))
  expect(busy).toContain(String(console_.port))
  expect(busy.split('\n')).toHaveLength(1)
  const second = refuse('--data-dir', console_.dataDirectory, ...portFlags(port + 3))
  expect(second.split('\n')).toHaveLength(1)
  expect(readFileSync(join(console_.dataDirectory, 'secrets/demo.json'), 'utf8')).toContain('demo-agent')
})
