import type { RunDetail } from '@autopack/contract/operator-runs'
import { expect, test } from 'vitest'
import { sumWaitingMs, toAxis, toBars, toPercent, type WaitingAction } from './timeline-geometry.ts'

type Phase = RunDetail['tiers'][number]['phases'][number]

const t0 = Date.parse('2026-11-22T14:00:00.000Z')

function at(seconds: number): string {
  return new Date(t0 + seconds * 1_000).toISOString()
}

function buildPhase(more: Partial<Phase>): Phase {
  return {
    phase_id: 'p1',
    tier_id: 't1',
    phase_index: 0,
    name: 'p1',
    description: null,
    state: 'EXECUTING',
    attempts: 1,
    tokens_used: null,
    cpu_ms: 0,
    progress: null,
    started_at: at(0),
    completed_at: null,
    failure_reason: null,
    ...more,
  }
}

function buildAction(more: Partial<WaitingAction>): WaitingAction {
  return { phase_id: 'p1', requested_at: at(10), decided_at: null, state: 'PENDING', decide_by: at(3_600), ...more }
}

test('A phase that has not begun has no bar', () => {
  expect(toBars(buildPhase({ started_at: null, state: 'QUEUED' }), [], t0)).toEqual([])
})

test('Waiting for a person is an open bar after the work', () => {
  const bars = toBars(buildPhase({ state: 'GATE' }), [buildAction({})], t0 + 30_000)
  expect(bars).toEqual([
    { fromMs: t0, toMs: t0 + 10_000, kind: 'done', open: false },
    { fromMs: t0 + 10_000, toMs: t0 + 30_000, kind: 'waiting', open: true },
  ])
})

test('After the decision the work goes on, and the waiting keeps its place', () => {
  const bars = toBars(buildPhase({ state: 'COMPLETE', completed_at: at(40) }), [buildAction({ state: 'COMPLETED', decided_at: at(30) })], t0 + 99_000)
  expect(bars.map((bar) => [bar.kind, (bar.fromMs - t0) / 1_000, (bar.toMs - t0) / 1_000])).toEqual([
    ['done', 0, 10],
    ['waiting', 10, 30],
    ['done', 30, 40],
  ])
})

test('A gate without a known action waits since the phase began', () => {
  expect(toBars(buildPhase({ state: 'GATE' }), [], t0 + 5_000)).toEqual([{ fromMs: t0, toMs: t0 + 5_000, kind: 'waiting', open: true }])
})

test('Nobody decided in time: the waiting ends at the deadline', () => {
  const bars = toBars(buildPhase({ state: 'FAILED', completed_at: at(60) }), [buildAction({ state: 'EXPIRED', decide_by: at(50) })], t0 + 600_000)
  expect(bars.at(-2)).toMatchObject({ kind: 'waiting', toMs: t0 + 50_000, open: false })
  expect(bars.at(-1)).toMatchObject({ kind: 'failed', fromMs: t0 + 50_000 })
})

test('Bars never overlap, never run backwards and never leave their phase, however actions overlap', () => {
  const actions = [
    buildAction({ requested_at: at(5), decided_at: at(20), state: 'REJECTED' }),
    buildAction({ requested_at: at(8), decided_at: at(12), state: 'COMPLETED' }),
    buildAction({ requested_at: at(15), decided_at: at(90), state: 'COMPLETED' }),
  ]
  const bars = toBars(buildPhase({ state: 'COMPLETE', completed_at: at(60) }), actions, t0 + 99_000)
  let endMs = t0
  for (const bar of bars) {
    expect(bar.fromMs).toBeGreaterThanOrEqual(endMs)
    expect(bar.toMs).toBeGreaterThanOrEqual(bar.fromMs)
    endMs = bar.toMs
  }
  expect(endMs).toBe(t0 + 60_000)
})

test('Waiting that overlaps is counted once', () => {
  const actions = [buildAction({ requested_at: at(0), decided_at: at(20), state: 'APPROVED' }), buildAction({ requested_at: at(10) })]
  expect(sumWaitingMs(actions, t0 + 30_000)).toBe(30_000)
  expect(sumWaitingMs([], t0)).toBe(0)
})

test('The axis of an open run leaves room after now; that of an ended run ends with it', () => {
  const open = toAxis({ started_at: at(0), created_at: at(0), completed_at: null }, t0 + 100_000)
  expect(toPercent(open, t0 + 100_000)).toBeCloseTo(95.24, 1)
  const ended = toAxis({ started_at: at(0), created_at: at(0), completed_at: at(100) }, t0 + 999_000)
  expect(ended.toMs).toBe(t0 + 100_000)
})

test.each([1, 40, 600, 7_200, 400_000, 90_000_000])('A run of %d s has one to five ticks, in order and inside', (seconds) => {
  const axis = toAxis({ started_at: at(0), created_at: at(0), completed_at: at(seconds) }, t0)
  expect(axis.ticks.length).toBeGreaterThanOrEqual(1)
  expect(axis.ticks.length).toBeLessThanOrEqual(5)
  for (const tick of axis.ticks) expect(tick).toBeLessThan(axis.toMs)
})
