/** Somebody's work, of every kind there is, so that a test can ask who learns of it. Every text in it has the word. */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { TestDeps, TestExecutor } from './open-test-deps.ts'
import { decide, expectStatus, propose, sendClaim, toApproval, toListing, toRejection } from './ledger-story.ts'
import { askApproval, askGovernance } from './request-story.ts'
import { buildStartBody } from './start-body.ts'

/** In names, titles, reasons and bytes. */
export const hiddenWord = 'zzhidden'
export const hiddenPath = `${hiddenWord}.txt`

/** What there is to ask for; before the world is made, ids of the same shape that are nobody's. */
export type HiddenIds = {
  run_id: string
  phase_id: string
  action_id: string
  other_action_id: string
  executor_id: string
  executor_name: string
  key_id: string
  brake_id: string
  operator_id: string
  payload_hash: string
  seq: string
  approval_id: string
  request_id: string
  approval_body_sha256: string
  governance_body_sha256: string
}

export function listNobodysIds(ownerId: string): HiddenIds {
  return {
    run_id: `${hiddenWord}-run`,
    phase_id: 'p0',
    action_id: `act_${randomUUID()}`,
    other_action_id: `act_${randomUUID()}`,
    executor_id: `exr_${randomUUID()}`,
    executor_name: `${hiddenWord}-executor`,
    key_id: 'key_000000000000',
    brake_id: `brk_${randomUUID()}`,
    operator_id: ownerId,
    payload_hash: 'a'.repeat(64),
    seq: '999999',
    approval_id: 'apr_999999999',
    request_id: 'gov_00000000',
    approval_body_sha256: 'a'.repeat(64),
    governance_body_sha256: 'a'.repeat(64),
  }
}

/** A run with a phase, an artifact, a pending, a rejected, an approved and an executing action, both kinds of requests, and brakes; all by this person's executor. */
export async function openHiddenWorld(deps: TestDeps, ownerId: string, shared: { with?: string; withEveryone?: boolean } = {}): Promise<HiddenIds> {
  const ids = listNobodysIds(ownerId)
  const executor: TestExecutor = await deps.addExecutor({
    name: ids.executor_name,
    ownerOperatorId: ownerId,
    sharedWithEveryone: shared.withEveryone ?? false,
  })
  if (shared.with !== undefined)
    await deps.db.execute(sql`INSERT INTO control_plane.executor_share (executor_id, operator_id) VALUES (${executor.executorId}, ${shared.with})`)
  const asExecutor = deps.asExecutor(executor.key)
  const { run_id } = ids
  await asExecutor.post('/runs/start', buildStartBody(run_id, { run: { name: `Run ${hiddenWord}` } }))
  await asExecutor.put(`/runs/${run_id}/artifacts/file?path=${hiddenPath}`, new TextEncoder().encode(`${hiddenWord} bytes`))
  const of = (title: string) => ({ payload: toListing({}, `${hiddenWord} ${title}`), executorKey: executor.key, more: { run_id } })

  const executing = await propose(deps, of('executing'))
  await expectStatus(await decide(deps, ownerId, executing, toApproval(executing, { reason: `${hiddenWord} approved` })), 200)
  await expectStatus(await sendClaim(deps, executing, { key: executor.key }), 201)
  const rejected = await propose(deps, of('rejected'))
  await expectStatus(await decide(deps, ownerId, rejected, toRejection(rejected, { reason: `${hiddenWord} rejected` })), 200)
  const approved = await propose(deps, of('approved'))
  await expectStatus(await decide(deps, ownerId, approved, toApproval(approved, { reason: `${hiddenWord} approved` })), 200)
  const pending = await propose(deps, of('pending'))

  const approval = await askApproval(deps, { run_id, context: hiddenWord }, executor.key)
  const governance = await askGovernance(deps, { run_id, paths: [`docs/${hiddenWord}.md`], key: executor.key })

  const brakes: string[] = []
  for (const scope of [
    { kind: 'run', id: run_id },
    { kind: 'executor', id: executor.executorId },
  ]) {
    const answer = await deps.asOperator(ownerId).post('/operator/control/brake', { scope, reason: `${hiddenWord} braked` })
    brakes.push(((await expectStatus(answer, 200)) as { brake: { brake_id: string } }).brake.brake_id)
  }
  const found = await deps.db.execute(sql`SELECT max(seq)::text AS seq FROM control_plane.audit_event WHERE executor_id = ${executor.executorId}`)
  return {
    ...ids,
    action_id: pending.action_id,
    other_action_id: executing.action_id,
    executor_id: executor.executorId,
    key_id: executor.keyId,
    brake_id: brakes[0]!,
    payload_hash: pending.payload_hash,
    seq: (found.rows[0] as { seq: string }).seq,
    approval_id: approval.approval_ref.id,
    request_id: governance.approval_ref.id,
    approval_body_sha256: approval.body_sha256,
    governance_body_sha256: governance.body_sha256,
  }
}
