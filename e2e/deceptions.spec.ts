/** A sample of the payloads that want to be taken for others, on the page where people decide: each has to show what it is. */
import { deceptivePayloads } from '@autopack/approval-proof/deceptive-payloads'
import type { DeceptivePayload } from '@autopack/approval-proof/deceptive-payload'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { test } from './control-test.ts'

/** What looks like a target needs one that was approved before: here that is the demo shop alone. */
const hasKnownTarget = ({ payload, sign }: DeceptivePayload) =>
  !('finding' in sign) ||
  sign.finding !== 'looks_like_known_target' ||
  (payload.provider === 'demo_shop' && payload.target['listing_id'] === undefined)
const sample = deceptivePayloads.filter(hasKnownTarget).filter((_deceptive, place) => place % 9 === 4)

/** Draws marks of direction for characters that hide, so that a page which shows them raw is found out. */
const rawHidden = /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u{e0000}-\u{e0fff}]/u

const markOf = (page: Page, title: string) => page.locator('.checks li[data-s="find"]').filter({ hasText: title })

async function expectVisible(page: Page, { sign }: DeceptivePayload, action: ExternalAction): Promise<void> {
  if ('finding' in sign) {
    const finding = action.findings.find(({ code }) => code === sign.finding)
    expect(finding, sign.finding).toBeDefined()
    const mark = markOf(page, finding!.title)
    await mark.scrollIntoViewIfNeeded()
    await expect(mark).toBeVisible()
    await expect(mark).toContainText(finding!.detail.slice(0, 40))
  } else if ('sentence' in sign) {
    await expect(page.locator('main')).toContainText(sign.sentence)
  } else if ('escaped' in sign) {
    await expect(markOf(page, 'Text with hidden characters')).toBeVisible()
    // The view of all fields has the place itself.
    await page.getByRole('link', { name: /^Fields/ }).click()
    await expect(page.getByRole('region', { name: /^All \d+ fields/ })).toContainText(sign.escaped)
  } else {
    await expect(page.getByText(/cannot be explained/).first()).toBeVisible()
  }
}

test('at least thirty deceptive payloads show on the decision page what they are', async ({ browser, own }) => {
  test.setTimeout(420_000)
  expect(sample.length).toBeGreaterThanOrEqual(30)
  await own.approveAndClaim(await own.propose('What is usual here'))
  const page = await own.openPage(browser, 'approver')
  for (const [count, deceptive] of sample.entries()) {
    await test.step(deceptive.what, async () => {
      const actionId = await own.proposePayload(toPayloadText(deceptive.payload))
      const action = (await own.ask('approver', `/api/external-actions/${actionId}`)) as unknown as ExternalAction
      await page.goto(`/approvals/${actionId}`)
      await expect(page.locator('#foot-state')).not.toBeEmpty()
      await expectVisible(page, deceptive, action)
      expect(await page.locator('body').innerText()).not.toMatch(rawHidden)
      const { revision, payload_hash } = action
      // By two people in turn: one alone may decide thirty times a minute.
      await own.ask(count % 2 === 0 ? 'approver' : 'admin', `/api/external-actions/${actionId}/decision`, {
        kind: 'reject',
        reject_kind: 'never',
        revision,
        payload_hash,
        reason: 'no',
      })
    })
  }
  await page.context().close()
})
