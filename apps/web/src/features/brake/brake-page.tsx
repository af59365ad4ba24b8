import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { controlQuery } from '../../shared/control-queries.ts'
import { Icon } from '../../shared/icon.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { runQuery } from '../../shared/run-queries.ts'
import { useSession } from '../../shared/session.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { Time } from '../../shared/time.tsx'
import { BrakeEffects } from './brake-effects.tsx'
import { BrakeHistory } from './brake-history.tsx'
import { BrakeParts } from './brake-parts.tsx'
import { ledgerNowQuery } from './brake-queries.ts'
import { parseScope, toBrakeSentence, toScopeWords } from './brake-words.ts'
import { EngagedList } from './engaged-list.tsx'
import { StopAnswerPanel } from './stop-answer-panel.tsx'
import { StopDialog, type StopAnswer } from './stop-dialog.tsx'
import './brake-page.css'

/** `/brake?scope=all|provider:x|run:x|executor:x`: what is stopped, and stopping; with a scope the question why is open already. */
export function BrakePage() {
  const [search, setSearch] = useSearchParams()
  const { operator } = useSession()
  const control = useQuery(controlQuery)
  // Every page has read this much already; who and why comes a moment later.
  const inForce = useQuery(statusQuery).data?.control
  const [answer, setAnswer] = useState<StopAnswer | null>(null)
  // The row that was released is gone a moment later, and what it was about is said here.
  const heading = useRef<HTMLHeadingElement>(null)
  const scope = parseScope(search.get('scope'))
  const name = useScopeName(scope)
  const may = hasRole(operator.role, 'approver')
  const everything = control.data?.brakes.find((brake) => brake.scope.kind === 'all')
  const known = control.data ?? inForce
  const stopped = known?.brake_engaged === true
  const sentence = known && toBrakeSentence(known)
  const close = () => setSearch({}, { replace: true })
  return (
    <>
      <PageTitle>{stopped ? 'Stopped · Brake' : 'Brake'}</PageTitle>
      <div className="brake">
        <div className="brake-main">
          <p className="kind">
            {known === undefined ? (
              <span className="muted">State not known</span>
            ) : stopped ? (
              <StateMark kind="halted" label="Stopped" />
            ) : known.brakes.length > 0 ? (
              <StateMark kind="halted" label="Stopped in part" />
            ) : (
              <StateMark kind="ok" label="Released" quiet />
            )}
            {everything && (
              <span>
                by {toAgentWords(everything.engaged_by.name)}, <Time at={everything.engaged_at} form="clock" />
              </span>
            )}
          </p>
          <h1 className="hero" ref={heading} tabIndex={-1}>
            {sentence ?? <span className="muted">{control.error === null ? 'Reading what is stopped' : 'Not known what is stopped.'}</span>}
          </h1>
          <p className="brake-sub">
            {stopped && control.data !== undefined && everything === undefined
              ? 'There is no control row, so nothing can be claimed until whoever runs the server has put it back.'
              : stopped
                ? 'Nothing can be approved or claimed. Rejecting, revoking and vetoing work.'
                : 'A stop refuses every new claim from that moment on: a reason is all it asks, no passkey. Releasing is the slow part.'}
          </p>
          {control.error !== null && (
            <ProblemPanel
              title="What is stopped could not be read"
              error={control.error}
              stillWorks="Stopping is tried all the same."
              onRetry={() => void control.refetch()}
            />
          )}
          {!stopped && (
            <div className="brake-ctl">
              {may ? (
                <Link className="btn stop giant" replace to="?scope=all">
                  <Icon name="brake" />
                  <span>Stop everything</span>
                </Link>
              ) : (
                <button className="btn stop giant" type="button" aria-disabled="true" aria-describedby="stop-who">
                  <Icon name="brake" />
                  <span>Stop everything</span>
                </button>
              )}
              <p className="muted" id="stop-who">
                {may ? 'then Enter: a reason is ready' : `Stopping needs an approver or an admin; you are ${operator.role}.`}
              </p>
            </div>
          )}
          {answer !== null && <StopAnswerPanel answer={answer} onClose={() => setAnswer(null)} />}
          {control.data !== undefined && control.data.brakes.length > 0 && (
            <EngagedList brakes={control.data.brakes} onReleased={() => heading.current?.focus()} />
          )}
          <BrakeEffects stopped={stopped} />
          <BrakeParts brakes={control.data?.brakes ?? []} may={may} />
        </div>
        <aside className="brake-side" aria-label="History">
          <BrakeHistory />
          <p className="muted f12 plainlink">
            Without scripts, from any browser that is signed in: <a href="/brake/plain">the plain brake page</a>.
          </p>
        </aside>
      </div>
      {scope !== null && (
        <StopDialog
          key={`${scope.kind}:${scope.id}`}
          scope={scope}
          name={name}
          onClose={close}
          onStopped={(stop) => {
            setAnswer(stop)
            close()
          }}
        />
      )}
    </>
  )
}

/** What the page knows the scope's name from; where it knows none, its id. */
function useScopeName(scope: ReturnType<typeof parseScope>): string {
  const run = useQuery({ ...runQuery(scope?.id ?? ''), enabled: scope?.kind === 'run', retry: false })
  const open = useQuery(ledgerNowQuery('PENDING'))
  if (scope === null) return ''
  const executor = open.data?.items.find((action) => action.executor.executor_id === scope.id)?.executor.name
  const scope_name = scope.kind === 'run' ? (run.data?.name ?? '') : scope.kind === 'executor' ? (executor ?? '') : ''
  return toAgentWords(toScopeWords({ scope, scope_name }))
}
