import { getActionReceipt } from '@autopack/contract/receipts'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountOperatorRoute } from '../../shared/mount.ts'
import { getReceipt } from './get-receipt.ts'

export function mountReceiptRoutes(app: App, deps: Deps): void {
  mountOperatorRoute(app, deps, getActionReceipt, async ({ principal, params }) => {
    const bytes = new TextEncoder().encode(await getReceipt(deps, principal, params.action_id))
    return new Response(bytes, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(bytes.length),
        'content-disposition': `attachment; filename="receipt-${params.action_id}.json"`,
        'cache-control': 'no-store',
      },
    })
  })
}
