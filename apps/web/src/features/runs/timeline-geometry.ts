/** Where things stand on the time axis of a run. Pure: times in, percent out. */
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import type { RunDetail } from '@autopack/contract/operator-runs'

type Phase = RunDetail['tiers'][number]['phases'][number]
export type WaitingAction = Pick<ExternalActionSummary, 'phase_id' | 'requested_at' | 'decided_at' | 'state' | 'decide_by'>

export type Interval = { fromMs: number; toMs: number }
export type Bar = Interval & {
  kind: 'done' | 'running' | 'failed' | 'waiting'
  /** Still growing at the right. */
  open: boolean
}

export type Axis = Interval & { ticks: readonly number[] }

/** Ends of waiting for people: a decision, or the deadline when nobody decided, or now. */
function toWaitingInterval(action: WaitingAction, nowMs: number): Interval & { open: boolean } {
  const fromMs = Date.parse(action.requested_at)
  if (action.decided_at !== null) return { fromMs, toMs: Date.parse(action.decided_at), open: false }
  if (action.state === 'PENDING') return { fromMs, toMs: Math.max(fromMs, nowMs), open: true }
  return { fromMs, toMs: Math.max(fromMs, Math.min(nowMs, Date.parse(action.decide_by))), open: false }
}

/** Bars of one phase in time order: work, then what of it was waiting for a person. Nothing before it began. */
export function toBars(phase: Phase, actions: readonly WaitingAction[], nowMs: number): Bar[] {
  if (phase.started_at === null) return []
  const fromMs = Date.parse(phase.started_at)
  const open = phase.completed_at === null
  const toMs = Math.max(fromMs, open ? nowMs : Date.parse(phase.completed_at!))
  const waits = actions
    .filter((action) => action.phase_id === phase.phase_id)
    .map((action) => toWaitingInterval(action, nowMs))
    .map((wait) => ({ ...wait, fromMs: Math.max(fromMs, wait.fromMs), toMs: Math.min(toMs, wait.toMs) }))
    .filter((wait) => wait.toMs > wait.fromMs || wait.open)
    .toSorted((a, b) => a.fromMs - b.fromMs)
  // A phase at the gate without an action that we know of waits since it began.
  if (waits.length === 0 && phase.state === 'GATE') return [{ fromMs, toMs, kind: 'waiting', open }]
  const work = phase.state === 'FAILED' ? 'failed' : open ? 'running' : 'done'
  const bars: Bar[] = []
  let atMs = fromMs
  for (const wait of waits) {
    if (wait.fromMs > atMs) bars.push({ fromMs: atMs, toMs: wait.fromMs, kind: 'done', open: false })
    const beginMs = Math.max(atMs, wait.fromMs)
    if (wait.toMs > beginMs || wait.open) bars.push({ fromMs: beginMs, toMs: Math.max(beginMs, wait.toMs), kind: 'waiting', open: wait.open })
    atMs = Math.max(atMs, wait.toMs)
  }
  if (atMs < toMs || bars.length === 0) bars.push({ fromMs: atMs, toMs, kind: work, open })
  return bars
}

/** How long people kept the run waiting, overlaps counted once (ms). */
export function sumWaitingMs(actions: readonly WaitingAction[], nowMs: number): number {
  let sumMs = 0
  let untilMs = Number.NEGATIVE_INFINITY
  for (const { fromMs, toMs } of actions.map((action) => toWaitingInterval(action, nowMs)).toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (toMs > untilMs) sumMs += toMs - Math.max(fromMs, untilMs)
    untilMs = Math.max(untilMs, toMs)
  }
  return sumMs
}

const stepsMs = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800].map(
  (seconds) => seconds * 1_000,
)

/** From the start of the run to its end, or to now with a little room; ticks at even steps, five at most. */
export function toAxis(run: Pick<RunDetail, 'started_at' | 'created_at' | 'completed_at'>, nowMs: number): Axis {
  const fromMs = Date.parse(run.started_at ?? run.created_at)
  const endMs = Math.max(fromMs + 1_000, run.completed_at === null ? nowMs : Date.parse(run.completed_at))
  const toMs = run.completed_at === null ? fromMs + (endMs - fromMs) * 1.05 : endMs
  const stepMs = stepsMs.find((step) => (toMs - fromMs) / step <= 5) ?? Math.ceil((toMs - fromMs) / 5)
  const ticks: number[] = []
  for (let atMs = fromMs; atMs < toMs - stepMs * 0.3; atMs += stepMs) ticks.push(atMs)
  return { fromMs, toMs, ticks }
}

/** Percent of the axis, kept inside it. */
export function toPercent(axis: Interval, atMs: number): number {
  return Math.min(100, Math.max(0, ((atMs - axis.fromMs) / (axis.toMs - axis.fromMs)) * 100))
}
