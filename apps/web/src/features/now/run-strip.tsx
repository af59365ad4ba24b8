import { Link } from '../../shared/link.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { runStateWords } from '../../shared/run-mark.tsx'
import { StateMark } from '../../shared/state-mark.tsx'

const states = ['running', 'waiting', 'silent', 'failed'] as const

type Totals = Partial<Record<(typeof states)[number], { count: number; exact: boolean }>>

const words = { running: 'running', waiting: 'waiting for a person', silent: 'silent', failed: 'failed' } as const

/** Runs at a glance; each number opens exactly the rows it counts. A number that is not known is not drawn as zero. */
export function RunStrip({ byState, others }: { byState: Totals | undefined; others: number }) {
  return (
    <ul className="strip" aria-label="Runs at a glance">
      {byState === undefined && <li className="muted">runs not known yet</li>}
      {byState !== undefined &&
        states.map((state) => {
          const total = byState[state] ?? { count: 0, exact: true }
          const label = `${formatTotal(total)} ${words[state]}`
          return (
            <li key={state}>
              <Link to={`/runs?state=${state}`}>
                {total.count === 0 ? <span className="muted">{label}</span> : <StateMark kind={runStateWords[state].kind} label={label} />}
              </Link>
            </li>
          )
        })}
      {others > 0 && (
        <li className="end">
          <Link className="muted" to="/approvals?scope=open">
            {others} {others === 1 ? 'waits' : 'wait'} for others
          </Link>
        </li>
      )}
    </ul>
  )
}
