import { request } from '@playwright/test'
import type { AuditEntry } from '@autopack/contract/audit'
import type { Artifact } from '@autopack/contract/artifacts'
import type { ExternalAction, ExternalActionSummary } from '@autopack/contract/external-actions'
import type { RunSummary } from '@autopack/contract/operator-runs'
import { console_, signedInAs } from './running-console.ts'
import type { RoleName } from './running-console.ts'

/** The answers of the lists that the tests read, by path. */
type Answer<P extends string> = P extends `/api/external-actions/act_${string}` | `/api/external-actions/${string}`
  ? ExternalAction
  : P extends `/api/external-actions${string}`
    ? { items: ExternalActionSummary[] }
    : P extends `/api/approvals${string}`
      ? { items: { action: ExternalActionSummary }[] }
      : P extends `/api/runs/${string}/artifacts/index`
        ? { items: Artifact[] }
        : P extends `/api/audit${string}`
          ? { items: AuditEntry[] }
          : { items: RunSummary[] }

export function askConsole<const P extends string>(role: RoleName, path: P): Promise<Answer<P>>
export function askConsole(role: RoleName, path: string, form: 'bytes'): Promise<Uint8Array>
export async function askConsole(role: RoleName, path: string, form: 'json' | 'bytes' = 'json'): Promise<unknown> {
  const context = await request.newContext({ baseURL: console_.origin, storageState: signedInAs(role) })
  try {
    const answer = await context.get(path)
    if (!answer.ok()) throw new Error(`${role} asked ${path}: ${answer.status()} ${await answer.text()}`)
    return form === 'bytes' ? new Uint8Array(await answer.body()) : await answer.json()
  } finally {
    await context.dispose()
  }
}
