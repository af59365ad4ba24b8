import type { RunState } from '@autopack/contract/runs'
import { formatDuration } from './format-duration.ts'
import { useServerNow } from './server-clock.ts'
import { StateMark, type MarkKind } from './state-mark.tsx'

export const runStateWords: Record<RunState | 'silent', { kind: MarkKind; label: string; ordinary?: true }> = {
  waiting: { kind: 'waiting', label: 'Waiting for a person' },
  silent: { kind: 'halted', label: 'Silent' },
  running: { kind: 'running', label: 'Running', ordinary: true },
  failed: { kind: 'failed', label: 'Failed' },
  stopped: { kind: 'halted', label: 'Stopped' },
  done: { kind: 'ok', label: 'Done', ordinary: true },
  queued: { kind: 'idle', label: 'Queued', ordinary: true },
}

/** State of a run. `silentSince`: its executor has not been heard of. `actionable`: one of its actions waits for this very person. */
export function RunMark({
  state,
  silentSince,
  actionable,
  quiet,
}: {
  state: RunState
  silentSince?: string | null
  actionable?: boolean
  quiet?: boolean
}) {
  const nowMs = useServerNow()
  if (state === 'waiting' && actionable) return <StateMark kind="needs" label="Needs you" />
  const open = state === 'running' || state === 'queued'
  if (open && silentSince) return <StateMark kind="halted" label={`Silent ${formatDuration(nowMs - Date.parse(silentSince))}`} />
  const { kind, label, ordinary } = runStateWords[state]
  return <StateMark kind={kind} label={label} quiet={quiet && ordinary} />
}
