import { expiringSoonDays, keyActs } from '@autopack/contract/executor-keys'
import type { Executor } from '@autopack/contract/executors'
import { executorActs, executorSchema } from '@autopack/contract/executors'
import type { Queryable } from '@autopack/server-kit/open-database'
import * as z from 'zod/mini'
import type { executorKeyTable } from '../../db/people-tables.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { whyNotManage } from './can-manage-executor.ts'
import { listExecutorRows, listNewestKeys, listShares } from './executor-rows.ts'
import { toExecutorKey } from './to-executor-key.ts'

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>
type KeyRow = typeof executorKeyTable.$inferSelect
type Listed = Awaited<ReturnType<typeof listExecutorRows>>[number]

/** Those the person may see, by name, or one of them. Keys and sharing to owners and admins only. */
export async function presentExecutors(db: Queryable, viewer: Viewer, now: Date, executorId?: string): Promise<Executor[]> {
  const listed = await listExecutorRows(db, viewer, executorId)
  const managed = listed.filter(({ executor }) => whyNotManage('share', viewer, executor) === null).map(({ executor }) => executor.executor_id)
  const [shares, keys] = [await listShares(db, managed), await listNewestKeys(db, managed)]
  return listed.map((each) => {
    const id = each.executor.executor_id
    const isManaged = managed.includes(id)
    return z.parse(executorSchema, {
      executor_id: id,
      name: each.executor.name,
      created_at: each.executor.created_at.toISOString(),
      owner: { operator_id: each.owner.operator_id, name: each.owner.name },
      owner_enabled: each.owner.enabled,
      shared_with_everyone: each.executor.shared_with_everyone,
      shared_with: isManaged ? shares.filter(({ executor_id }) => executor_id === id).map(({ operator_id, name }) => ({ operator_id, name })) : null,
      keys: isManaged ? keys.filter(({ executor_id }) => executor_id === id).map((key) => toListedKey(key, each, viewer, now)) : null,
      allowed_actions: executorActs.map((act) => toAllowed(act, whyNotManage(act, viewer, each.executor))),
    })
  })
}

function toListedKey(key: KeyRow, { executor, owner }: Listed, viewer: Viewer, now: Date) {
  const standing = toStanding(key, now)
  const over = standing === 'expired' ? 'This key has expired.' : standing === 'revoked' ? 'This key is revoked.' : null
  const replaced = standing === 'replaced' ? 'This key is replaced already.' : null
  return {
    ...toExecutorKey({ key, executor, owner }),
    standing,
    allowed_actions: keyActs.map((act) => toAllowed(act, over ?? (act === 'rotate' ? replaced : null) ?? whyNotManage(act, viewer, executor))),
  }
}

function toStanding(key: KeyRow, now: Date) {
  if (key.revoked_at !== null) return 'revoked'
  const leftMs = key.expires_at.getTime() - now.getTime()
  if (leftMs <= 0) return 'expired'
  if (key.replaced_by !== null) return 'replaced'
  return leftMs <= expiringSoonDays * 86_400_000 ? 'expiring' : 'live'
}

function toAllowed<A extends string>(action: A, why: string | null) {
  return { action, allowed: why === null, why }
}
