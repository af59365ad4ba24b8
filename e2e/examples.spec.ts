/** The two executors of the README, run as they stand there. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, request, test } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { approveAction, rejectAction } from './decide-action.ts'
import { console_, root, signedInAs } from './running-console.ts'

type Example = { output: () => string; actionId: string; ended: Promise<number | null>; stop: () => void }

/** Starts an example with a key of its own, up to its proposal. */
async function startExample(name: string, command: readonly [string, ...string[]], shopUrl: string = console_.shopUrl): Promise<Example> {
  const headers = { origin: console_.origin, 'x-csrf': '1' }
  const context = await request.newContext({ baseURL: console_.origin, storageState: signedInAs('admin'), extraHTTPHeaders: headers })
  const created = await context.post('/api/executor-keys', { data: { executor_name: name, shared_with_everyone: true } })
  const { secret } = (await created.json()) as { secret: string }
  await context.dispose()
  const child = spawn(command[0], command.slice(1), {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      AUTOPACK_URL: console_.controlPlaneUrl,
      AUTOPACK_EXECUTOR_KEY: secret,
      DEMO_SHOP_URL: shopUrl,
      DEMO_SHOP_TOKEN: shopToken(),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await expect.poll(() => output, { timeout: 20_000 }).toMatch(/decide at \/approvals\/act_/)
  return { output: () => output, actionId: /act_[0-9a-f-]{36}/.exec(output)![0], ended, stop: () => void child.kill() }
}

const shopToken = () => readFileSync(join(console_.dataDirectory, 'secrets/shop-token'), 'utf8').trim()

async function countShopRequests(): Promise<number> {
  const answer = await fetch(`${console_.shopUrl}/api/requests`, { headers: { authorization: `Bearer ${shopToken()}` } })
  return ((await answer.json()) as { items: unknown[] }).items.length
}

for (const { name, command } of [
  { name: 'sdk-example', command: [process.execPath, 'docs/examples/executor.ts'] },
  { name: 'curl-example', command: ['sh', 'docs/examples/executor.sh'] },
] as const) {
  test(`the ${name} of the README proposes, waits, sends what was approved and reports it`, async () => {
    const example = await startExample(name, command)
    try {
      expect(await approveAction('approver', example.actionId, 'an example')).toBe(200)
      expect(await example.ended, example.output()).toBe(0)
      expect(example.output()).toContain('COMPLETED')
      const { execution } = await askConsole('approver', `/api/external-actions/${example.actionId}`)
      expect(execution).toMatchObject({ sent: 'yes', sent_sha256: execution!.expected_sha256 })
    } finally {
      example.stop()
    }
  })

  test(`the ${name} of the README sends nothing when it is rejected`, async () => {
    const before = await countShopRequests()
    const example = await startExample(`${name}-rejected`, command)
    try {
      expect(await rejectAction('approver', example.actionId, 'not this')).toBe(200)
      expect(await example.ended, example.output()).not.toBe(0)
      expect(await countShopRequests()).toBe(before)
      expect((await askConsole('approver', `/api/external-actions/${example.actionId}`)).execution).toBeNull()
    } finally {
      example.stop()
    }
  })

  test(`the ${name} of the README does not claim success when the shop does not answer`, async () => {
    const example = await startExample(`${name}-no-shop`, command, 'http://127.0.0.1:9')
    try {
      expect(await approveAction('approver', example.actionId, 'an example without a shop')).toBe(200)
      await example.ended
      await expect.poll(async () => (await askConsole('approver', `/api/external-actions/${example.actionId}`)).state).toMatch(/^(FAILED|UNKNOWN)$/)
    } finally {
      example.stop()
    }
  })
}

test('npm run demo:run makes one more run, and ends when its proposal was decided and carried out', async () => {
  const child = spawn(process.execPath, ['scripts/demo-run.ts', '--data-dir', console_.dataDirectory], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  await expect.poll(() => output, { timeout: 45_000 }).toMatch(/act_[0-9a-f-]{36}/)
  expect(await approveAction('approver', /act_[0-9a-f-]{36}/.exec(output)![0], 'one more')).toBe(200)
  expect(await ended, output).toBe(0)
})
