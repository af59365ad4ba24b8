import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from '../../shared/link.tsx'
import { controlQuery } from '../../shared/control-queries.ts'
import { Icon } from '../../shared/icon.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { useSession } from '../../shared/session.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { Time } from '../../shared/time.tsx'
import { CapDialog } from './cap-dialog.tsx'
import { CapTable } from './cap-table.tsx'
import { listTooSmall, sortCaps, toBindingSentence, type Cap } from './cap-words.ts'
import { SwitchList } from './switch-list.tsx'
import './limits-page.css'

/** `/limits`: what may leave today, and what holds it back. */
export function LimitsPage() {
  const { operator } = useSession()
  const control = useQuery(controlQuery)
  const [changing, setChanging] = useState<Cap | null>(null)
  const may = hasRole(operator.role, 'approver')
  const caps = sortCaps(control.data?.caps ?? [])
  const resets = caps[0]?.resets_at
  return (
    <>
      <PageTitle>Limits</PageTitle>
      <div className="pagehead">
        <h1>Limits</h1>
        <span className="total">
          {resets !== undefined && (
            <>
              the day ends <Time at={resets} form="clock" />
            </>
          )}
        </span>
        <div className="end">
          <span className="muted" id="caps-who">
            {may ? 'lowering: an approver; raising: an admin' : `Setting a cap needs an approver or an admin; you are ${operator.role}.`}
          </span>
        </div>
      </div>
      {control.error !== null && (
        <ProblemPanel
          title="The limits could not be read"
          error={control.error}
          stillWorks={control.data === undefined ? 'They are in force all the same.' : 'What is shown is the last that was read.'}
          onRetry={() => void control.refetch()}
        />
      )}
      {control.isPending && <Skeleton rows={6} label="Reading the limits" />}
      {control.data !== undefined && (
        <div className="limitspage">
          <div>
            <Binding caps={caps} />
            {caps.length > 0 && <CapTable caps={caps} may={may} onChange={setChanging} />}
            {listTooSmall(caps).map(({ name, text }) => (
              <p className="note-line" key={`${name} ${text}`}>
                <Icon name="halted" />
                <span>
                  <b>{name}:</b> {text}
                </span>
              </p>
            ))}
          </div>
          <aside className="pane-r insp" aria-label="Switches">
            <div>
              <h2>Switches</h2>
              <p className="muted">A live action can be claimed only while its own switch and the first one are on, and dry run is off.</p>
            </div>
            {control.data.brake_engaged && (
              <p className="limits-stopped">
                <Icon name="halted" /> Everything is stopped, whatever the switches say. <Link to="/brake">Who and why</Link>
              </p>
            )}
            <SwitchList switches={control.data.switches} />
            <div>
              <h3>Set where</h3>
              <p>
                The environment of the control plane is the ceiling, read at its start. What is set here stays below it, is in the{' '}
                <Link to="/audit?q=did:control">audit log</Link>, and outlives a new start.
              </p>
            </div>
          </aside>
        </div>
      )}
      {changing !== null && <CapDialog key={`${changing.currency ?? ''} ${changing.cap}`} cap={changing} onClose={() => setChanging(null)} />}
    </>
  )
}

function Binding({ caps }: { caps: readonly Cap[] }) {
  const { before, name, after } = toBindingSentence(caps)
  return (
    <p className="lead">
      <span className="sentence">
        {before}
        <b className="v">{name}</b>
        {after}
      </span>
    </p>
  )
}
