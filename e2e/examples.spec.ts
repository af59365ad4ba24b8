/** The two executors of the README, run as they stand there. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, request, test } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { approveAction } from './decide-action.ts'
import { console_, root, signedInAs } from './running-console.ts'

for (const { name, command } of [
  { name: 'sdk-example', command: [process.execPath, 'docs/examples/executor.ts'] },
  { name: 'curl-example', command: ['sh', 'docs/examples/executor.sh'] },
]) {
  test(`the ${name} of the README proposes, waits, sends what was approved and reports it`, async () => {
    const headers = { origin: console_.origin, 'x-csrf': '1' }
    const context = await request.newContext({ baseURL: console_.origin, storageState: signedInAs('admin'), extraHTTPHeaders: headers })
    const created = await context.post('/api/executor-keys', { data: { executor_name: name, shared_with_everyone: true } })
    const { secret } = (await created.json()) as { secret: string }
    await context.dispose()
    const child = spawn(command[0]!, command.slice(1), {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        AUTOPACK_URL: console_.controlPlaneUrl,
        AUTOPACK_EXECUTOR_KEY: secret,
        DEMO_SHOP_URL: console_.shopUrl,
        DEMO_SHOP_TOKEN: readFileSync(join(console_.dataDirectory, 'secrets/shop-token'), 'utf8').trim(),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    try {
      await expect.poll(() => output, { timeout: 20_000 }).toMatch(/decide at \/approvals\/act_/)
      const id = /act_[0-9a-f-]{36}/.exec(output)![0]
      expect(await approveAction('approver', id, 'an example')).toBe(200)
      expect(await ended, output).toBe(0)
      expect(output).toContain('COMPLETED')
      const action = await askConsole('approver', `/api/external-actions/${id}`)
      expect(action.execution).toMatchObject({ sent: 'yes', sent_sha256: action.execution!.expected_sha256 })
    } finally {
      child.kill()
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
