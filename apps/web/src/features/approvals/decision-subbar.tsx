import type { ExternalAction } from '@autopack/contract/external-actions'
import { lazy, Suspense } from 'react'
import type { QueuePlace } from './find-queue-place.ts'
import { QueueSubbar } from './queue-subbar.tsx'

const ClosedDeadline = lazy(async () => ({ default: (await import('./closed-deadline.tsx')).ClosedDeadline }))

/** Where this action stands in the queue, and how long there is to decide; once it is closed, its launch hold or its age. */
export function DecisionSubbar({ action, place, mayApprove }: { action: ExternalAction; place: QueuePlace; mayApprove: boolean }) {
  const closed = (
    <Suspense fallback={null}>
      <ClosedDeadline action={action} />
    </Suspense>
  )
  return <QueueSubbar subject={action} place={place} mayApprove={mayApprove} closed={closed} />
}
