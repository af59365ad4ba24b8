import type { ExternalAction } from '@autopack/contract/external-actions'
import { lazy, Suspense } from 'react'
import type { QueuePlace } from './find-queue-place.ts'
import { QueueSubbar } from './queue-subbar.tsx'

// Asked for beside the page: when somebody else decides, the whole bar changes at once.
const loadClosed = async () => ({ default: (await import('./closed-deadline.tsx')).ClosedDeadline })
loadClosed().catch(() => undefined)
const ClosedDeadline = lazy(loadClosed)

/** Where this action stands in the queue, and how long there is to decide; once it is closed, its launch hold or its age. */
export function DecisionSubbar({ action, ...queue }: { action: ExternalAction; place: QueuePlace; queueKnown: boolean; mayApprove: boolean }) {
  const closed = (
    <Suspense fallback={null}>
      <ClosedDeadline action={action} />
    </Suspense>
  )
  return <QueueSubbar subject={action} {...queue} closed={closed} />
}
