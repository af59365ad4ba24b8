import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { describeProblem } from '../../shared/describe-problem.ts'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { ownSessionsQuery, revokeSessionMutation } from '../../shared/session-queries.ts'
import { SaidLine, type Said } from '../../shared/settings/said-line.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { toBrowserWords } from './browser-words.ts'

/** The own sessions; any but the present one can be ended at once. */
export function OwnSessions() {
  const client = useQueryClient()
  const sessions = useQuery(ownSessionsQuery)
  const [said, setSaid] = useState<Said | null>(null)
  const revoke = useMutation({
    ...revokeSessionMutation,
    onSuccess: () => setSaid({ words: 'That session is over.' }),
    onSettled: () => client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  })
  if (sessions.error !== null)
    return <ProblemPanel title="Your sessions could not be read" error={sessions.error} onRetry={() => void sessions.refetch()} />
  if (sessions.data === undefined) return <Skeleton rows={2} label="Reading your sessions" />
  return (
    <>
      <ul className="sessions">
        {sessions.data.items.map((session) => (
          <li key={session.session_id}>
            <div>
              <p>
                <b title={session.user_agent}>{toBrowserWords(session.user_agent)}</b> <span className="muted">from {session.address}</span>
              </p>
              <p className="muted f12">
                signed in <Time at={session.signed_in_at} />, last used <Time at={session.last_activity_at} />, ends{' '}
                <Time at={session.expires_at} form="short" />
              </p>
            </div>
            {session.current ? (
              <StateMark kind="ok" label="This one" quiet />
            ) : (
              <button
                className="btn"
                type="button"
                disabled={revoke.isPending && revoke.variables === session.session_id}
                onClick={() => revoke.mutate(session.session_id)}
              >
                End
                <span className="sr">
                  {' '}
                  the session of {toBrowserWords(session.user_agent)} from {session.address}
                </span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <SaidLine said={said} read={sessions.data} />
      {revoke.error !== null && (
        <p className="err" role="alert">
          {describeProblem(revoke.error).what} {describeProblem(revoke.error).todo} The session may still be open.
        </p>
      )}
    </>
  )
}
