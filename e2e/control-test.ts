/** A console of its own for tests that stop everything: whoever shares a console with them would be stopped, too. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { readPayload, toPayloadText } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import type { Control } from '@autopack/contract/operator-control'
import { test as plainTest } from '@playwright/test'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { makePlantedCopy } from '../scripts/test/planted-copy.ts'
import { firstPort, readDemoFile } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { spawnConsole } from './spawn-console.ts'
import { writeWorkspace } from './write-workspace.ts'

/** Well inside the five minutes for which a password counts as just shown, with a whole test before it. */
const oldMs = 60_000

export type OwnConsole = {
  origin: string
  /** The browser state of a role that signed in once. */
  stateOf: (role: RoleName) => NonNullable<BrowserContextOptions['storageState']>
  openPage: (browser: Browser, role: RoleName, more?: BrowserContextOptions) => Promise<Page>
  ask: (role: RoleName, path: string, data?: unknown) => Promise<Record<string, unknown>>
  /** Shows again with the password who uses this page, as an act asks for that comes long after signing in. */
  showAgain: (page: Page, role: RoleName) => Promise<void>
  control: () => Promise<Control>
  releaseAll: () => Promise<void>
  /** What an executor of its own posts or, without a body, asks of the control plane. */
  asExecutor: (path: string, body?: unknown) => Promise<Record<string, unknown>>
  /** Proposes a listing under an executor that nobody runs, so that what is claimed stays executing until its lease ends. */
  propose: (title: string) => Promise<string>
  /** Proposes this payload to people, whatever its tier. */
  proposePayload: (payload: string) => Promise<string>
  /** The executor's edit: the next revision, with this title. */
  revise: (actionId: string, afterRevision: number, title: string) => Promise<void>
  /** The revision in force, by the approver. */
  approve: (actionId: string) => Promise<void>
  approveAndClaim: (actionId: string) => Promise<void>
}

export const test = plainTest.extend<object, { ownFor: string; ownFiles: Readonly<Record<string, string>>; own: OwnConsole }>({
  /** Tests that say something of their own here get a new console, where nobody has made a passkey yet: that can be done freely once. */
  ownFor: ['everybody', { option: true, scope: 'worker' }],
  /** Files that this console has otherwise than the project: it is then a copy, whose servers and pages are built from them. */
  ownFiles: [{}, { option: true, scope: 'worker' }],
  own: [
    async ({ playwright, ownFor, ownFiles }, use, { parallelIndex }) => {
      const port = firstPort + 50 + 3 * parallelIndex
      const ownOrigin = `http://localhost:${port}`
      const controlPlane = `http://127.0.0.1:${port + 1}`
      const folder = mkdtempSync(join(tmpdir(), `autopack-control-${ownFor}-`))
      const place = { dataDirectory: join(folder, 'data'), workspace: join(folder, 'workspace') }
      writeWorkspace(place.workspace)
      const copy = Object.keys(ownFiles).length === 0 ? null : makePlantedCopy()
      copy?.plant(ownFiles)
      const running = await spawnConsole({ ...place, port, controlPlanePort: port + 1, shopPort: port + 2, ...(copy && { root: copy.root }) })
      try {
        const demo = readDemoFile(place.dataDirectory)
        const passwordOf = (name: RoleName) => demo.operators.find((operator) => operator.name === name)!.password
        const contexts = {} as Record<RoleName, Awaited<ReturnType<typeof playwright.request.newContext>>>
        const states = {} as Record<RoleName, Awaited<ReturnType<(typeof contexts)['admin']['storageState']>>>
        const signedInAt = {} as Record<RoleName, number>
        // Some acts ask for the password again once it was typed too long ago. Whoever works with an older session keeps it.
        const renew = async (name: RoleName) => {
          if (Date.now() - (signedInAt[name] ?? 0) < oldMs) return
          const context = await playwright.request.newContext({ baseURL: ownOrigin, extraHTTPHeaders: { origin: ownOrigin, 'x-csrf': '1' } })
          const answer = await context.post('/api/auth/login', { data: { name, password: passwordOf(name) } })
          if (!answer.ok()) throw new Error(`${name} could not sign in: ${answer.status()} ${await answer.text()}`)
          await contexts[name]?.dispose()
          contexts[name] = context
          states[name] = await context.storageState()
          signedInAt[name] = Date.now()
        }
        for (const name of ['admin', 'approver', 'viewer'] as const) await renew(name)
        const ask: OwnConsole['ask'] = async (role, path, data) => {
          if (data !== undefined) await renew(role)
          const answer = data === undefined ? await contexts[role].get(path) : await contexts[role].post(path, { data })
          if (!answer.ok()) throw new Error(`${role} asked ${path}: ${answer.status()} ${await answer.text()}`)
          return (await answer.json()) as Record<string, unknown>
        }
        const control = async () => (await ask('admin', '/api/control')) as unknown as Control
        const { secret } = (await ask('admin', '/api/executor-keys', { executor_name: 'shop-writer', shared_with_everyone: true })) as {
          secret: string
        }
        const asExecutor: OwnConsole['asExecutor'] = async (path, body) => {
          const headers = { 'x-api-key': secret, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
          const asked = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
          const answer = await fetch(`${controlPlane}${path}`, asked)
          if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
          return (await answer.json()) as Record<string, unknown>
        }
        const approve = async (actionId: string) => {
          await renew('approver')
          const { revision } = await ask('approver', `/api/external-actions/${actionId}`)
          const bytes = await (await contexts.approver.get(`/api/external-actions/${actionId}/payload`)).body()
          const read = readPayload(new Uint8Array(bytes))
          if (!read.ok) throw new Error(read.detail)
          const descriptor = findDescriptor(read.payload.provider, read.payload.operation)!
          await ask('approver', `/api/external-actions/${actionId}/decision`, {
            kind: 'approve',
            revision,
            payload_hash: read.hash,
            descriptor: { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
            display_sha256: renderAction(read.payload, descriptor).display_sha256,
            reason: 'as asked',
          })
          return { revision, payload_hash: read.hash }
        }
        await use({
          origin: ownOrigin,
          stateOf: (role) => states[role],
          openPage: async (browser, role, more) => {
            await renew(role)
            return (await browser.newContext({ baseURL: ownOrigin, storageState: states[role], ...more })).newPage()
          },
          ask,
          showAgain: async (page, role) => {
            // A session of this page's own: a step-up would end the one that every other test goes on with.
            await page.context().clearCookies()
            const headers = { origin: ownOrigin, 'x-csrf': '1' }
            const answer = await page.request.post('/api/auth/login', { headers, data: { name: role, password: passwordOf(role) } })
            if (!answer.ok()) throw new Error(`${role} was not believed: ${answer.status()} ${await answer.text()}`)
          },
          asExecutor,
          control,
          releaseAll: async () => {
            for (const { brake_id } of (await control()).brakes)
              await ask('admin', '/api/control/brake/release', { brake_id, reason: 'the test is over' })
          },
          propose: async (title) => (await asExecutor('/external-actions', { payload: toListing(title) }))['action_id'] as string,
          proposePayload: async (payload) => (await asExecutor('/external-actions', { payload, escalate: true }))['action_id'] as string,
          revise: async (actionId, afterRevision, title) => {
            await asExecutor(`/external-actions/${actionId}/revisions`, { payload: toListing(title), after_revision: afterRevision })
          },
          approve: async (actionId) => void (await approve(actionId)),
          approveAndClaim: async (actionId) => {
            const { revision, payload_hash } = await approve(actionId)
            const deadline = Date.now() + 60_000
            // A launch hold has to run out first.
            for (;;) {
              try {
                await asExecutor(`/external-actions/${actionId}/claim`, { revision, payload_hash })
                return
              } catch (error) {
                if (!String(error).includes('in_hold') || Date.now() > deadline) throw error
                await new Promise((resolve) => setTimeout(resolve, 500))
              }
            }
          },
        })
        for (const context of Object.values(contexts)) await context.dispose()
      } finally {
        await running.stop()
        copy?.remove()
        rmSync(folder, { recursive: true, force: true })
      }
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

function toListing(title: string): string {
  const price = { amount_minor: 3_800, currency: 'EUR' }
  return toPayloadText({
    v: 1,
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode: 'live',
    cost: { amount_minor: 20, currency: 'USD' },
    request: {
      method: 'POST',
      path: '/api/listings',
      body: { title, description: 'Solid walnut, oiled by hand.', price, quantity: 12, report_sha256: 'a'.repeat(64), tags: ['walnut'] },
    },
    files: [],
  } as Parameters<typeof toPayloadText>[0])
}
