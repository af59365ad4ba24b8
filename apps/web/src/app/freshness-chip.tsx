import { formatDuration } from '../shared/format-duration.ts'
import { useFreshness } from '../shared/freshness.ts'

/** How certain the page is of what it shows; always visible. */
export function FreshnessChip() {
  const { state, ageMs, fresh } = useFreshness()
  const age = formatDuration(ageMs)
  const words = { live: `Live ${age}`, connecting: 'Connecting', stale: `Stale ${age}`, offline: `Offline ${age}` }[state]
  const title = {
    live: `The stream is open; it last spoke ${age} ago.`,
    connecting: 'The stream is being opened.',
    stale: `Nothing is known for certain since ${age} ago. Approving is off until the stream is back; rejecting works.`,
    offline: `The console has not answered for ${age}. What you see was loaded before.`,
  }[state]
  return (
    <span className="fresh" data-state={state === 'live' || (state === 'connecting' && fresh) ? 'live' : state} title={title}>
      {words}
    </span>
  )
}
