import type { Session } from '@autopack/contract/auth'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { formatDuration, formatExactDuration } from '../shared/format-duration.ts'
import { Icon } from '../shared/icon.tsx'
import { useServerNow } from '../shared/server-clock.ts'
import { activityMutation, sessionQuery } from '../shared/session-queries.ts'

const warnBeforeMs = 120_000
const activitySpacingMs = 60_000

/** Tells the server about real input, at most once a minute, and offers to stay two minutes before the session goes idle. */
export function SessionClock({ session }: { session: Session }) {
  const queryClient = useQueryClient()
  const nowMs = useServerNow()
  const { mutate: stay, isPending } = useMutation({
    ...activityMutation,
    onSuccess: (renewed) => queryClient.setQueryData(sessionQuery.queryKey, renewed),
  })
  const idleMs = Date.parse(session.idle_expires_at) - nowMs
  const absoluteMs = Date.parse(session.expires_at) - nowMs
  const leftMs = Math.min(idleMs, absoluteMs)
  const near = leftMs < warnBeforeMs
  const over = leftMs <= 0

  useEffect(() => {
    let sentAtMs = Number.NEGATIVE_INFINITY
    function noticeInput(): void {
      if (Date.now() - sentAtMs < activitySpacingMs) return
      sentAtMs = Date.now()
      stay()
    }
    for (const kind of ['pointerdown', 'keydown', 'wheel'] as const) document.addEventListener(kind, noticeInput, { passive: true })
    return () => {
      for (const kind of ['pointerdown', 'keydown', 'wheel'] as const) document.removeEventListener(kind, noticeInput)
    }
  }, [stay])

  // Another tab may have moved the end of the session, or it is over and the server should say so.
  useEffect(() => {
    if (near || over) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }, [near, over, queryClient])

  if (!near || over) return null
  const left = <b className="tn">{leftMs < 60_000 ? formatDuration(leftMs) : formatExactDuration(leftMs)}</b>
  return (
    <div className="notice stay" role="region" aria-label="Session">
      <Icon name="clock" />
      {idleMs <= absoluteMs ? (
        <>
          <p>Without input this session ends in {left}.</p>
          <button className="btn" type="button" disabled={isPending} onClick={() => stay()}>
            Stay signed in
          </button>
        </>
      ) : (
        <p>This session ends in {left}, twelve hours after it began. You can sign in again here; what you typed stays.</p>
      )}
    </div>
  )
}
