import { randomUUID } from 'node:crypto'
import { recordAudit } from '../apps/control-plane/src/audit/record-audit.ts'
import { decide, everythingOn, expectStatus, propose, sendClaim, toApproval } from '../apps/control-plane/src/test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../apps/control-plane/src/test/open-test-deps.ts'
import type { TestDeps } from '../apps/control-plane/src/test/open-test-deps.ts'
import { startPostgres } from '../scripts/test/start-postgres.ts'
import { bareAudit, bareClaim, bareDecision, seedPending } from './bare-ledger.ts'
import { percentiles } from './percentiles.ts'

const rounds = 5
/** Actions of one round: fewer than a kind of action may have in a day; each round is on a day of its own. */
const perRound = 20
const fewPending = 10
const manyPending = 10_000

type Timed = { product: number[]; bare: number[] }

/**
 * What the ledger's checks cost: decisions, claims and audit appends through the control plane's app, one at a time, against the same
 * rows written by hand in one transaction each, in turns; and the claim with 10 and with 10,000 actions that wait. On both databases.
 */
export async function measureLedger(): Promise<void> {
  delete process.env['TEST_DATABASE_URL']
  await measureOne('embedded database, in memory')
  const postgres = await startPostgres()
  try {
    process.env['TEST_DATABASE_URL'] = postgres.url
    await measureOne(`${postgres.version}, fsync off`)
  } finally {
    delete process.env['TEST_DATABASE_URL']
    await postgres.stop()
  }
}

async function measureOne(name: string): Promise<void> {
  let day = 0
  const deps = await openTestDeps({
    now: shiftedClock(() => day * 86_400),
    ceiling: { ...everythingOn, maxActionsPerDay: 1_000_000, maxDailySpendMinor: { USD: 1_000_000_000 } },
  })
  try {
    const decisions: Timed = { product: [], bare: [] }
    const claims: Timed = { product: [], bare: [] }
    const audit: Timed = { product: [], bare: [] }
    // The first round warms both up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      day += 1
      const into = (times: number[]) => (round === 0 ? [] : times)
      await productRound(deps, into(decisions.product), into(claims.product))
      await bareRound(deps, into(decisions.bare), into(claims.bare))
      for (let n = 0; n < perRound; n += 1) {
        await time(into(audit.product), () => appendAudit(deps))
        await time(into(audit.bare), () => deps.db.transaction((tx) => bareAudit(tx, null)))
      }
    }
    process.stdout.write(`${name}; ${rounds * perRound} of each, one at a time, in turns\n`)
    for (const [what, { product, bare }] of [
      ['decisions', decisions],
      ['claims', claims],
      ['audit appends', audit],
    ] as const) {
      const [a, b] = [perSecond(product), perSecond(bare)]
      const words = `${a.toFixed(0).padStart(6)}/s   bare SQL ${b.toFixed(0).padStart(6)}/s   ratio ${(a / b).toFixed(2)}`
      process.stdout.write(`  ${what.padEnd(14)} ${words}   p95 ${percentiles(product).p95.toFixed(1)} ms\n`)
    }
    const p95: number[] = []
    for (const pending of [fewPending, manyPending]) {
      await seedPending(deps.ownerDb, pending)
      const times: number[] = []
      for (let round = 0; round < 3; round += 1) {
        day += 1
        await productRound(deps, [], times, 12)
      }
      const measured = percentiles(times)
      p95.push(measured.p95)
      const count = pending.toLocaleString('en')
      process.stdout.write(`  claim with ${count} actions pending: p50 ${measured.p50.toFixed(1)} ms, p95 ${measured.p95.toFixed(1)} ms\n`)
    }
    process.stdout.write(
      `  p95 with ${manyPending.toLocaleString('en')} pending is ${(p95[1]! / p95[0]!).toFixed(2)} times that with ${fewPending}\n`,
    )
  } finally {
    await deps.close()
  }
}

async function productRound(deps: TestDeps, decisions: number[], claims: number[], count = perRound): Promise<void> {
  const actions = []
  // Made by an executor of its own: what waits of others is counted with theirs.
  const executor = await deps.addExecutor({ name: `bench-${randomUUID()}`, sharedWithEveryone: true })
  for (let n = 0; n < count; n += 1) actions.push(await propose(deps, { executorKey: executor.key }))
  for (const action of actions) {
    await time(decisions, async () => expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200))
  }
  for (const action of actions) await time(claims, async () => expectStatus(await sendClaim(deps, action, { key: executor.key }), 201))
}

async function bareRound(deps: TestDeps, decisions: number[], claims: number[]): Promise<void> {
  const actions = []
  const executor = await deps.addExecutor({ name: `bench-${randomUUID()}`, sharedWithEveryone: true })
  for (let n = 0; n < perRound; n += 1) actions.push(await propose(deps, { executorKey: executor.key }))
  for (const action of actions) {
    await time(decisions, () => deps.db.transaction((tx) => bareDecision(tx, action.action_id, deps.operatorIds.approver)))
  }
  for (const action of actions) await time(claims, () => deps.db.transaction((tx) => bareClaim(tx, action.action_id)))
}

function appendAudit(deps: TestDeps): Promise<number> {
  const facts = { event_type: 'clock.accepted' as const, result_status: 'ok', reason: 'As long as the reason of a decision may well be.' }
  return deps.db.transaction((tx) => recordAudit(tx, { kind: 'system', name: 'bench' }, facts, { requestId: null }))
}

async function time(times: number[], act: () => Promise<unknown>): Promise<void> {
  const begun = performance.now()
  await act()
  times.push(performance.now() - begun)
}

function perSecond(times: readonly number[]): number {
  return 1_000 / (times.reduce((sum, one) => sum + one, 0) / times.length)
}
