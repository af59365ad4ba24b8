import { formatDuration } from '../shared/format-duration.ts'
import { useFreshness } from '../shared/freshness.ts'
import { Icon } from '../shared/icon.tsx'

/**
 * The page is never more certain than its data: says so once the stream has been gone for ten seconds. It lies over the page instead
 * of pushing it down, because nothing may move under the pointer.
 */
export function StaleNotice() {
  const { state, ageMs, fresh } = useFreshness()
  if (fresh || (state !== 'stale' && state !== 'offline')) return null
  const offline = state === 'offline'
  return (
    <div className="notice stale" data-s={offline ? 'failed' : 'halted'} role="status">
      <Icon name={offline ? 'failed' : 'halted'} />
      <p>
        <strong>
          {offline ? 'Offline' : 'Stale'} <span aria-hidden="true">for {formatDuration(ageMs)}</span>.
        </strong>{' '}
        You see what was loaded before. Approving is off until the stream is back; rejecting is tried all the same.
      </p>
    </div>
  )
}
