import { toPayloadText } from '@autopack/approval-proof/payload'
import { request } from '@playwright/test'
import { renewSession } from './renew-session.ts'
import { console_ } from './running-console.ts'

let key: Promise<string> | undefined

/** An executor of its own, so that the demo agent goes on undisturbed. */
async function createKey(): Promise<string> {
  const context = await request.newContext({
    baseURL: console_.origin,
    storageState: await renewSession('admin'),
    extraHTTPHeaders: { origin: console_.origin, 'x-csrf': '1' },
  })
  const answer = await context.post('/api/executor-keys', {
    data: { executor_name: `shop-writer-${Date.now().toString(36)}`, shared_with_everyone: true },
  })
  if (!answer.ok()) throw new Error(`no key: ${answer.status()} ${await answer.text()}`)
  const { secret } = (await answer.json()) as { secret: string }
  await context.dispose()
  return secret
}

/** Proposes one listing and answers its id; members that no descriptor knows make it blind. */
export async function proposeListing(body: Record<string, unknown>): Promise<string> {
  key ??= createKey()
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
        ...{ title: 'Walnut desk organiser', description: 'Solid walnut, oiled by hand.', price: { amount_minor: 3_800, currency: 'EUR' } },
        ...{ quantity: 12, report_sha256: 'a'.repeat(64), tags: ['walnut'] },
        ...body,
      },
    },
    files: [],
  } as Parameters<typeof toPayloadText>[0])
  const answer = await fetch(`${console_.controlPlaneUrl}/external-actions`, {
    method: 'POST',
    headers: { 'x-api-key': await key, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ payload }),
  })
  if (!answer.ok) throw new Error(`not proposed: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { action_id: string }).action_id
}
