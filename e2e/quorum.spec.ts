/**
 * Two browsers, three people, two groups that both have to agree. No kind of action of the catalog has two groups, so the console under test is
 * a copy of the project in which one has: its servers and its pages are built from the same descriptor.
 */
import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { chromium, expect, test } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { makePlantedCopy } from '../scripts/test/planted-copy.ts'
import { askAsPage, expectAnswer } from './passkeys/ask-as-page.ts'
import { addAuthenticator } from './passkeys/own-authenticator.ts'
import type { OwnAuthenticator } from './passkeys/own-authenticator.ts'
import { readFacts, signApproval } from './passkeys/sign-approval.ts'
import { firstPort, readDemoFile, root } from './running-console.ts'
import { spawnConsole } from './spawn-console.ts'
import { writeWorkspace } from './write-workspace.ts'

const port = firstPort + 60
const origin = `http://localhost:${port}`
const descriptorFile = 'packages/action-catalog/descriptors/demo_shop.create_listing.json'
const descriptor = JSON.parse(readFileSync(join(root, descriptorFile), 'utf8')) as Descriptor
const twoGroups: Descriptor = {
  ...descriptor,
  approval: {
    ...descriptor.approval,
    all_of: [
      { role: 'approver', count: 1 },
      { role: 'admin', count: 1 },
    ],
    step_up: 'passkey',
  },
}

type Person = { page: Page; device: OwnAuthenticator; key: string }

async function signIn(browser: Browser, name: string, password: string): Promise<Person> {
  const page = await (await browser.newContext({ baseURL: origin })).newPage()
  await page.goto('/')
  await expectAnswer(page, '/api/auth/login', { name, password })
  await page.goto('/')
  const device = await addAuthenticator(page)
  const challenge = (await expectAnswer(page, '/api/challenges', { purpose: 'passkey_add' })) as Parameters<OwnAuthenticator['createKey']>[0]
  const attestation = await device.createKey(challenge)
  await expectAnswer(page, '/api/passkeys', { nonce: challenge.nonce, name: 'Key', attestation })
  return { page, device, key: attestation.credential_id }
}

async function approve({ page, device, key }: Person, actionId: string, reason: string) {
  const { facts } = await readFacts(page, actionId, twoGroups)
  return askAsPage(page, `/api/external-actions/${actionId}/decision`, { ...(await signApproval(device, facts, [key])), reason })
}

const read = async ({ page }: Person, actionId: string) =>
  (await expectAnswer(page, `/api/external-actions/${actionId}`)) as unknown as ExternalAction

test('two groups have to agree: three people in two browsers, and nobody stands for two', async ({ browser }) => {
  test.setTimeout(420_000)
  const copy = makePlantedCopy()
  const folder = mkdtempSync(join(tmpdir(), 'autopack-quorum-'))
  const place = { root: copy.root, dataDirectory: join(folder, 'data'), workspace: join(folder, 'workspace') }
  const { executablePath, args } = test.info().project.use.launchOptions!
  const other = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), ...(args && { args }) })
  let running: Awaited<ReturnType<typeof spawnConsole>> | null = null
  try {
    copy.plant({ [descriptorFile]: `${JSON.stringify(twoGroups, null, 2)}\n` })
    writeWorkspace(place.workspace)
    running = await spawnConsole({ ...place, port, controlPlanePort: port + 1, shopPort: port + 2 })
    const { operators } = readDemoFile(place.dataDirectory)
    const passwordOf = (name: string) => operators.find((operator) => operator.name === name)!.password

    const admin = await signIn(other, 'admin', passwordOf('admin'))
    const third = operators.find(({ name }) => name === 'viewer')!
    await expectAnswer(admin.page, `/api/operators/${third.operator_id}/role`, { role: 'approver', reason: 'helps out today' })
    const approver = await signIn(browser, 'approver', passwordOf('approver'))
    const second = await signIn(browser, 'viewer', passwordOf('viewer'))

    const { secret } = (await expectAnswer(admin.page, '/api/executor-keys', { executor_name: 'shop-writer', shared_with_everyone: true })) as {
      secret: string
    }
    const actionId = await propose(secret)
    expect(await read(approver, actionId)).toMatchObject({ state: 'PENDING', slots: [{ role: 'approver' }, { role: 'admin' }] })

    expect(await approve(approver, actionId, 'the price is right')).toMatchObject({ status: 200, body: { state: 'PENDING' } })
    // Who is still needed is named, and nobody may fill a second place, or one of another group.
    const open = await read(second, actionId)
    expect(open.still_needed).toMatchObject([{ role: 'admin', count: 1, people: [{ name: 'admin' }] }])
    expect(open.slots).toMatchObject([
      { role: 'approver', filled_by: { name: 'approver' } },
      { role: 'admin', filled_by: null },
    ])
    expect((await approve(second, actionId, 'me too')).status).toBeGreaterThanOrEqual(400)
    expect(await approve(approver, actionId, 'and again')).toMatchObject({ status: 409, body: { code: 'already_decided' } })
    // The second opinion is one of its own: the admin does not read the first one's words before deciding.
    expect(JSON.stringify(await read(admin, actionId))).not.toContain('the price is right')
    await admin.page.goto(`/approvals/${actionId}`)
    await expect(admin.page.getByRole('heading', { level: 1 })).toContainText('Walnut tray')
    await expect(admin.page.locator('body')).not.toContainText('the price is right')

    await approver.page.goto(`/approvals/${actionId}`)
    expect(await approve(admin, actionId, 'the buyer is known')).toMatchObject({ status: 200, body: { state: 'APPROVED' } })
    const done = await read(second, actionId)
    expect(done).toMatchObject({ state: 'APPROVED', authorized_by: 'people', still_needed: [] })
    expect(done.slots.map(({ filled_by }) => filled_by?.name)).toEqual(['approver', 'admin'])
    expect(done.decisions.map(({ kind, signed, decided_by }) => [kind, signed, decided_by.name])).toEqual([
      ['approve', true, 'approver'],
      ['approve', true, 'admin'],
    ])
    expect(JSON.stringify(await read(admin, actionId))).toContain('the price is right')
    // The other browser learns of it by itself.
    await expect(approver.page.locator('body')).toContainText('the buyer is known')
  } finally {
    await running?.stop()
    await other.close()
    copy.remove()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function propose(secret: string): Promise<string> {
  const payload = toPayloadText({
    v: 1,
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode: 'live',
    cost: { amount_minor: 20, currency: 'USD' },
    request: {
      method: 'POST',
      path: '/api/listings',
      body: {
        title: 'Walnut tray',
        description: 'Solid walnut.',
        price: { amount_minor: 3_800, currency: 'EUR' },
        quantity: 2,
        report_sha256: 'a'.repeat(64),
        tags: [],
      },
    },
    files: [],
  } satisfies Payload)
  const headers = { 'x-api-key': secret, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
  const answer = await fetch(`http://127.0.0.1:${port + 1}/external-actions`, { method: 'POST', headers, body: JSON.stringify({ payload }) })
  if (!answer.ok) throw new Error(`not proposed: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { action_id: string }).action_id
}
