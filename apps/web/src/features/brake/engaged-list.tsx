import type { Brake } from '@autopack/contract/operator-control'
import { hasRole } from '@autopack/contract/roles'
import { useState } from 'react'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { useSession } from '../../shared/session.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'
import { toScopeWords } from './brake-words.ts'
import { ReleaseDialog } from './release-dialog.tsx'

/** What is stopped now: what, who, why, since when, and who may let it go on. */
export function EngagedList({ brakes, onReleased }: { brakes: readonly Brake[]; onReleased: () => void }) {
  const { operator } = useSession()
  const [releasing, setReleasing] = useState<Brake | null>(null)
  const may = hasRole(operator.role, 'admin')
  return (
    <section className="stoppednow" aria-labelledby="engaged-title">
      <h2 className="sec" id="engaged-title">
        Stopped now{' '}
        {!may && (
          <span className="end f12" id="release-who">
            releasing needs an admin; you are {operator.role}
          </span>
        )}
      </h2>
      <ul>
        {brakes.map((brake) => (
          <li key={brake.brake_id}>
            <div>
              <p>
                <StateMark kind="halted" label="Stopped" />{' '}
                <b className="v" dir="auto">
                  <VisibleText text={toAgentWords(toScopeWords(brake))} />
                </b>
              </p>
              <p className="v" dir="auto">
                “<VisibleText text={toAgentWords(brake.engaged_reason)} />”
              </p>
              <p className="muted f12">
                <VisibleText text={toAgentWords(brake.engaged_by.name)} />, <Time at={brake.engaged_at} form="clock" />, for{' '}
                <Elapsed from={brake.engaged_at} to={null} />
                {!brake.audited && ', waits to be written into the audit log'}
              </p>
            </div>
            <button
              className="btn"
              type="button"
              aria-disabled={!may}
              aria-describedby={may ? undefined : 'release-who'}
              aria-label={`Release ${toAgentWords(toScopeWords(brake))}…`}
              onClick={() => may && setReleasing(brake)}
            >
              Release…
            </button>
          </li>
        ))}
      </ul>
      {releasing !== null && <ReleaseDialog brake={releasing} onReleased={onReleased} onClose={() => setReleasing(null)} />}
    </section>
  )
}
