/** Somebody stands between the bytes and the reader: replaced text on the page, replaced answers of the server. On a console of its own. */
import { approvalChallenge, readApprovalStatement } from '@autopack/approval-proof/approval-statement'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { seal } from '@autopack/approval-proof/seal'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { expect } from '@playwright/test'
import type { Page, Route } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { enrolFirst } from './passkeys/enrol-first.ts'
import { addAuthenticator } from './passkeys/own-authenticator.ts'
import { readFacts } from './passkeys/sign-approval.ts'

test.describe.configure({ mode: 'serial' })
test.use({ ownFor: 'tampered-pages' })

let reader: Page
let actionId: string
/** Every decision that left the page. */
const sent: string[] = []

const button = () => reader.locator('button.sign')

/** A decision page on which everything but the press itself has been done. */
async function openReady(id = actionId): Promise<void> {
  await reader.goto(`/approvals/${id}`)
  await reader.getByLabel('Reason for approving').fill('it looks right')
  await expect(button()).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 })
  await expect(button()).toHaveText(/^Sign/)
}

async function readLedger(own: OwnConsole, id = actionId) {
  const { state, decisions } = (await own.ask('admin', `/api/external-actions/${id}`)) as unknown as ExternalAction
  return { state, decisions: decisions.map(({ kind, signed }) => `${kind} ${signed ? 'signed' : 'not signed'}`) }
}
const untouched = { state: 'PENDING', decisions: [] }

async function answerWith(route: Route, change: (text: string) => string): Promise<void> {
  const answer = await route.fetch()
  const { 'content-length': _length, 'content-encoding': _encoding, ...headers } = answer.headers()
  await route.fulfill({ status: answer.status(), headers, body: change(await answer.text()) })
}

const otherTitle = (text: string) => text.replace('"title":"Walnut box"', '"title":"Walnut bag"')
const addDay = (moment: string) => new Date(Date.parse(moment) + 86_400_000).toISOString()

type Lie = { action?: (action: ExternalAction) => Partial<ExternalAction>; payload?: (text: string) => string; challenge?: (text: string) => string }

/** From now on the page reads these answers in place of those of the server. */
async function lie({ action, payload, challenge }: Lie): Promise<void> {
  await reader.unrouteAll({ behavior: 'wait' })
  if (action !== undefined) {
    const change = (text: string) => {
      const told = JSON.parse(text) as ExternalAction
      return JSON.stringify({ ...told, ...action(told) })
    }
    await reader.route(new RegExp(`/api/external-actions/${actionId}$`), (route) => answerWith(route, change))
  }
  if (payload !== undefined) await reader.route(new RegExp(`/api/external-actions/${actionId}/payload`), (route) => answerWith(route, payload))
  if (challenge !== undefined) await reader.route('**/api/challenges', (route) => answerWith(route, challenge))
}

test.beforeAll(async ({ browser, own }) => {
  reader = await own.openPage(browser, 'approver')
  await reader.goto('/')
  const device = await addAuthenticator(reader)
  await enrolFirst({ page: reader, device }, 'Key')
  reader.on('request', (request) => {
    if (request.url().endsWith('/decision')) sent.push(request.postData() ?? '')
  })
  actionId = await own.propose('Walnut box')
})

test.afterAll(() => reader.context().close())

test('whatever the text on the page was replaced with, what is signed is what the bytes say', async ({ own }) => {
  const id = await own.propose('Walnut tray')
  const { facts } = await readFacts(reader, id)
  await openReady(id)
  const replaced = (await reader.evaluate(`(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    let replaced = 0
    while (walker.nextNode()) {
      const before = walker.currentNode.data
      walker.currentNode.data = before.replaceAll('Walnut tray', 'Free sample').replaceAll('38', '1').replaceAll('demo-shop', 'test-shop')
      if (walker.currentNode.data !== before) replaced += 1
    }
    return replaced
  })()`)) as number
  expect(replaced).toBeGreaterThan(3)
  await expect(reader.getByRole('heading', { level: 1 })).toContainText('Free sample')
  await expect(reader.locator('main')).not.toContainText('Walnut tray')

  await button().click()
  await expect.poll(() => readLedger(own, id), { timeout: 30_000 }).toEqual({ state: 'APPROVED', decisions: ['approve signed'] })
  const { signature, display_sha256 } = JSON.parse(sent.at(-1)!) as {
    display_sha256: string
    signature: { statement: string; assertion: { client_data: string } }
  }
  const read = readApprovalStatement(signature.statement)
  if (!read.ok) throw new Error(read.detail)
  // Hash and rendering were made here, from the bytes of the ledger and not from the page.
  expect(read.statement).toMatchObject({ action: facts.action, display_sha256: facts.display_sha256, descriptor: facts.descriptor })
  expect(display_sha256).toBe(facts.display_sha256)
  const client = JSON.parse(Buffer.from(signature.assertion.client_data, 'base64url').toString()) as { challenge: string }
  expect(client.challenge).toBe(Buffer.from(approvalChallenge(signature.statement)).toString('base64url'))
})

test('a script in the page that enables the button and presses it approves nothing', async ({ own }) => {
  await openReady()
  const before = sent.length
  // What the button says two drawings after each press: anything that began shows there.
  const words = (await reader.evaluate(`(async () => {
    const sign = document.querySelector('button.sign')
    const words = []
    for (const state of ['false', 'true']) {
      sign.setAttribute('aria-disabled', state)
      for (const type of ['pointerdown', 'pointerup', 'click']) sign.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, detail: 1 }))
      words.push(await drawn())
      sign.click()
      words.push(await drawn())
      sign.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }))
      words.push(await drawn())
    }
    return words
    async function drawn() {
      for (let left = 2; left > 0; left -= 1) await new Promise(requestAnimationFrame)
      return sign.textContent
    }
  })()`)) as string[]
  expect(words).toHaveLength(6)
  for (const said of words) expect(said).toMatch(/Sign & approve/)
  expect(sent).toHaveLength(before)
  expect(await readLedger(own)).toEqual(untouched)
})

const seen: [what: string, lie: Lie, words: RegExp][] = [
  ['other payload bytes', { payload: otherTitle }, /payload hash is not the hash of these bytes/],
  ['bytes that are no payload', { payload: (text) => `${text} ` }, /not a payload that this console can read/],
  ['another payload hash', { action: () => ({ payload_hash: 'a'.repeat(64) }) }, /payload hash is not the hash of these bytes/],
  ['another seal', { action: () => ({ seal: seal('a'.repeat(64)) }) }, /seal is not the seal of these bytes/],
  [
    'another descriptor',
    { action: ({ descriptor }) => ({ descriptor: { ...descriptor!, sha256: 'b'.repeat(64) } }) },
    /description of this kind of action here is not the one in force/,
  ],
  ['no descriptor', { action: () => ({ descriptor: null }) }, /description of this kind of action here is not the one in force/],
  ['a later decide_by', { action: ({ decide_by }) => ({ decide_by: addDay(decide_by) }) }, /Decide by: the server says/],
  ['a later latest_execute_by', { action: (told) => ({ latest_execute_by: addDay(told.latest_execute_by) }) }, /Execute by: the server says/],
  ['nobody who has to agree', { action: () => ({ slots: [] }) }, /Approvals: the server says nobody/],
  [
    'somebody else who has to agree',
    { action: ({ slots }) => ({ slots: slots.map((slot) => ({ ...slot, role: 'admin' as const })) }) },
    /Approvals: /,
  ],
  ['no signature needed', { action: () => ({ step_up: 'none' }) }, /What an approval takes: the server says none/],
  ['another mode', { action: () => ({ mode: 'dry_run' }) }, /The bytes say live, the server says dry_run/],
  ['another cost', { action: () => ({ cost: { amount_minor: 1, currency: 'USD' } }) }, /cost in the bytes is not the cost the server shows/],
  ['a lower tier', { action: () => ({ tier: 'A' }) }, /Tier: the server says A/],
  ['another target', { action: () => ({ target: 'test-shop' }) }, /Target: the server says test-shop/],
]

for (const [what, told, words] of seen) {
  test(`the page says that the server tells of ${what}, and approves nothing`, async ({ own }) => {
    const before = sent.length
    await lie(told)
    await reader.goto(`/approvals/${actionId}`)
    await expect(reader.locator('.blindband[role="alert"]')).toContainText(words)
    await expect(reader.locator('#foot-state')).toContainText('Approving is off.')
    await expect(button()).toHaveAttribute('aria-disabled', 'true')
    await reader.getByLabel('Reason for approving').fill('it looks right')
    await button().click({ force: true })
    await reader.keyboard.press('Control+Enter')
    await expect(reader.getByRole('button', { name: /^Reject/ })).toBeEnabled()
    expect(sent).toHaveLength(before)
    expect(await readLedger(own)).toEqual(untouched)
  })
}

const wholeLie: Lie = {
  payload: otherTitle,
  action: ({ revisions }) => {
    const payload_hash = otherHash
    return { payload_hash, seal: seal(payload_hash), revisions: revisions.map((each) => ({ ...each, payload_hash, seal: seal(payload_hash) })) }
  },
}
let otherHash: string

const refused: [what: string, lie: Lie, words: RegExp][] = [
  ['other bytes with a hash and a seal that fit', wholeLie, /These are not the bytes of this revision/],
  [
    'another revision of the same bytes',
    {
      action: ({ revisions }) => ({ revision: 2, revisions: revisions.map((each) => ({ ...each, revision: 2 })) }),
    },
    /This action is not here/,
  ],
  [
    'deadlines that fit each other and not the ledger',
    {
      action: ({ decide_by, latest_execute_by, revisions }) => ({
        decide_by: addDay(decide_by),
        latest_execute_by: addDay(latest_execute_by),
        revisions: revisions.map((each) => ({ ...each, created_at: addDay(each.created_at) })),
      }),
    },
    /differs from what is in force: decide_by, execute_by/,
  ],
  [
    'another executor',
    { action: ({ executor }) => ({ executor: { ...executor, name: 'somebody-else' } }) },
    /differs from what is in force: requested_by\.name/,
  ],
  [
    'a nonce that was never given out',
    { challenge: (text) => text.replace(/"nonce":"[^"]+"/, `"nonce":"${Buffer.alloc(32, 7).toString('base64url')}"`) },
    /challenge is good once/,
  ],
]

for (const [what, told, words] of refused) {
  test(`where the page cannot know better, the server refuses what was signed: ${what}`, async ({ own }) => {
    const text = (await reader.evaluate(`fetch('/api/external-actions/${actionId}/payload').then((answer) => answer.text())`)) as string
    otherHash = payloadHash(new TextEncoder().encode(otherTitle(text)))
    await lie(told)
    // The bytes of a revision that does not exist come from the one that does.
    await reader.route(new RegExp(`/api/external-actions/${actionId}/payload\\?revision=2`), (route) =>
      route.continue({ url: route.request().url().replace('revision=2', 'revision=1') }),
    )
    await openReady()
    await button().click()
    await expect(reader.locator('.foot-refusal')).toContainText(words, { timeout: 30_000 })
    expect(await readLedger(own)).toEqual(untouched)
  })
}

test('an answer that was kept from before the executor changed its mind gets nothing approved', async ({ own }) => {
  const id = await own.propose('Kept back')
  const address = new RegExp(`/api/external-actions/${id}$`)
  await lie({})
  const kept = (await reader.evaluate(`fetch('/api/external-actions/${id}').then((answer) => answer.text())`)) as string
  await own.revise(id, 1, 'Kept back, and changed')
  await reader.route(address, (route) => route.fulfill({ contentType: 'application/json', body: kept }))
  await openReady(id)
  await button().click()
  await expect(reader.locator('.foot-refusal')).toContainText(/The action has changed since you read it|A newer revision took the place/)
  expect(await readLedger(own, id)).toEqual(untouched)
})

test('the same page without any lie approves, so nothing else stood in the way', async ({ own }) => {
  await lie({})
  await openReady()
  await button().click()
  await expect.poll(() => readLedger(own), { timeout: 30_000 }).toEqual({ state: 'APPROVED', decisions: ['approve signed'] })
})
