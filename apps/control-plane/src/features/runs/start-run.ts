import { createHash } from 'node:crypto'
import type { startRun as route } from '@autopack/contract/runs'
import type { BodyOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import type { RunParts } from './run-rows.ts'
import { findRun, insertRun, insertTiersAndPhases, listPhases, listTiers } from './run-rows.ts'
import { summarisePhases } from './summarise-phases.ts'
import { toAutopackRun } from './to-autopack-run.ts'

type Input = Pick<RouteInput<typeof route, ExecutorPrincipal>, 'principal' | 'body' | 'bodyBytes'>
type Body = BodyOf<typeof route>

/**
 * Creates the run with its tiers and phases, all queued. The same body again from the same executor is the same start
 * and answers the run as it is now; any other use of a taken id is `run_exists`.
 */
export async function startRun(deps: Deps, { principal, body, bodyBytes }: Input) {
  refuseUnfitParts(body)
  const startSha256 = createHash('sha256').update(bodyBytes).digest('hex')
  return deps.db.transaction(async (tx) => {
    const now = await readClock(tx, deps.now)
    const { tiers, phases } = placeParts(body)
    const inserted = await insertRun(tx, {
      ...nameRun(body.run.name?.trim() || body.run.run_id, body.run.run_id, principal.name),
      ...summarisePhases(
        phases.map(({ name }) => ({ name, state: 'QUEUED' as const, failure_reason: null })),
        0,
      ),
      run_id: body.run.run_id,
      executor_id: principal.executorId,
      owner_operator_id: principal.ownerOperatorId,
      started_by: body.run.started_by ?? null,
      start_sha256: startSha256,
      safety_profile: body.run.safety_profile,
      run_scope: body.run.run_scope,
      token_cap: body.run.token_cap ?? null,
      max_phases: body.run.max_phases ?? null,
      max_duration_minutes: body.run.max_duration_minutes ?? null,
      uses_model: body.run.uses_model,
      created_at: now,
      heard_at: now,
    })
    if (!inserted) return toAutopackRun(await findSameStart(tx, body.run.run_id, principal, startSha256))
    await insertTiersAndPhases(tx, tiers, phases)
    const answer = toAutopackRun(await findParts(tx, body.run.run_id))
    await recordEvent(tx, {
      type: 'run.changed',
      resource: { kind: 'run', id: body.run.run_id },
      version: 1,
      executorId: principal.executorId,
      ownerOperatorId: principal.ownerOperatorId,
    })
    return answer
  })
}

function refuseUnfitParts(body: Body): void {
  const issues: { where: string; message: string }[] = []
  const refuseTwice = (what: string, ids: string[]) => {
    const seen = new Set<string>()
    for (const [index, id] of ids.entries()) {
      if (seen.has(id)) issues.push({ where: `body ${what}s ${index}`, message: `the ${what} ${id} is there twice` })
      seen.add(id)
    }
    return seen
  }
  const tierIds = refuseTwice(
    'tier',
    body.tiers.map((tier) => tier.tier_id),
  )
  refuseTwice(
    'phase',
    body.phases.map((phase) => phase.phase_id),
  )
  for (const [index, phase] of body.phases.entries())
    if (!tierIds.has(phase.tier_id))
      issues.push({ where: `body phases ${index} tier_id`, message: `the phase ${phase.phase_id} references the unknown tier ${phase.tier_id}` })
  const first = issues[0]
  if (first) throw new ProblemError('invalid_request', `${first.where}: ${first.message}.`, { issues: issues.slice(0, 20) })
}

/** Executors number phases per run or per tier; ordered by tier first, both read the same. */
function placeParts(body: Body) {
  const run_id = body.run.run_id
  const tiers = body.tiers
    .toSorted((one, other) => one.tier_index - other.tier_index)
    .map((tier, position) => ({ ...tier, run_id, position, description: tier.description ?? null }))
  const tierPosition = new Map(tiers.map((tier) => [tier.tier_id, tier.position]))
  const phases = body.phases
    .toSorted((one, other) => tierPosition.get(one.tier_id)! - tierPosition.get(other.tier_id)! || one.phase_index - other.phase_index)
    .map((phase, position) => ({ ...phase, run_id, position, state: 'QUEUED' as const }))
  return { tiers, phases }
}

function nameRun(name: string, runId: string, executorName: string) {
  return { name, name_sort: name.toLowerCase(), search_text: ` ${name} ${runId} ${executorName}`.toLowerCase() }
}

async function findSameStart(tx: Transaction, runId: string, principal: ExecutorPrincipal, startSha256: string): Promise<RunParts> {
  const { run, tiers, phases } = await findParts(tx, runId)
  if (run.executor_id !== principal.executorId || run.start_sha256 !== startSha256)
    throw new ProblemError('run_exists', `The run id ${runId} is taken. Choose another one.`)
  return { run, tiers, phases }
}

async function findParts(tx: Transaction, runId: string): Promise<RunParts> {
  const run = await findRun(tx, runId)
  if (!run) throw new Error('a run that was just written is gone')
  return { run, tiers: await listTiers(tx, runId), phases: await listPhases(tx, runId) }
}
