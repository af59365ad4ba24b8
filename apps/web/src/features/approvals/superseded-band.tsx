import type { ExternalAction } from '@autopack/contract/external-actions'
import { Link } from '../../shared/link.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Time } from '../../shared/time.tsx'

/** A revision came while an older one is being read: that one stays, struck, until the newer one is asked for. */
export function SupersededBand({ read, newest, onRead }: { read: ExternalAction; newest: ExternalAction; onRead: () => void }) {
  const arrived = newest.revisions.find((revision) => revision.revision === newest.revision)
  return (
    <div className="banner" data-s="halted" role="status">
      <Icon name="superseded" />
      <p>
        <strong>Revision {newest.revision} has replaced what you read.</strong> {newest.executor.name} sent it
        {arrived !== undefined && (
          <>
            {' '}
            <Time at={arrived.created_at} />
          </>
        )}
        ; revision {read.revision} can no longer be approved.{' '}
        <Link to={`/actions/${newest.action_id}#revision-${newest.revision}`}>What differs</Link>. What you typed stays.
      </p>
      <span className="end">
        <button className="btn" type="button" onClick={onRead}>
          Read revision {newest.revision}
        </button>
      </span>
    </div>
  )
}
