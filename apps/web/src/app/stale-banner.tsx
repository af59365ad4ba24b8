import { formatDuration } from '../shared/format-duration.ts'
import { useFreshness } from '../shared/freshness.ts'
import { Icon } from '../shared/icon.tsx'

/** The page is never more certain than its data: says so across the page once the stream has been gone for ten seconds. */
export function StaleBanner() {
  const { state, ageMs, fresh } = useFreshness()
  if (fresh || (state !== 'stale' && state !== 'offline')) return null
  const offline = state === 'offline'
  return (
    <div className="banner" data-s={offline ? 'failed' : 'halted'} role="status">
      <Icon name={offline ? 'failed' : 'halted'} />
      <p>
        <strong>{offline ? 'Offline' : 'Stale'}.</strong>{' '}
        {offline ? 'The console does not answer; you see what was loaded before.' : 'Nothing is known for certain any more.'} Approving is off until
        it is back; rejecting is tried all the same. <span aria-hidden="true">Since {formatDuration(ageMs)}.</span>
      </p>
    </div>
  )
}
