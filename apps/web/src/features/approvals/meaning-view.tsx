import type { ExternalAction } from '@autopack/contract/external-actions'
import { lazy, Suspense } from 'react'
import { Link } from '../../shared/link.tsx'
import { Icon } from '../../shared/icon.tsx'
import type { ArmingOnPage } from './use-arming.ts'
import { AgentText, VisibleText } from '../../shared/agent-text.tsx'
import { CoverageTicks } from './coverage-ticks.tsx'
import { FieldValue, MustSee } from './field-value.tsx'
import { toFindingPointer } from './finding-pointer.ts'
import { MixedWord } from './mixed-word.tsx'
import { findMixedWords } from './mixed-words.ts'
import type { Proposal } from './read-proposal.ts'
import './meaning-view.css'

// Read after what is decided: how it was decided before, and what goes along that nobody sees.
const HiddenValues = lazy(async () => ({ default: (await import('./hidden-values.tsx')).HiddenValues }))
const ChangedRow = lazy(async () => ({ default: (await import('./precedent-rows.tsx')).ChangedRow }))
const PrecedentRow = lazy(async () => ({ default: (await import('./precedent-rows.tsx')).PrecedentRow }))

type Props = { action: ExternalAction; proposal: Proposal; arming: ArmingOnPage; ownId: string }

/** What it means: what must be seen, what was found, what nobody can explain, why it was proposed, and how much is explained. */
export function MeaningView({ action, proposal, arming, ownId }: Props) {
  const { rendered } = proposal
  return (
    <dl className="sheet">
      {rendered?.blind && <Unexplained proposal={proposal} arming={arming} />}
      {rendered !== null && <MustSeeFields proposal={proposal} arming={arming} open={action.state === 'PENDING'} />}
      {/* Below what must be seen: it may grow when it arrives, and must not push that away. */}
      {rendered !== null && (
        <Suspense fallback={<Waiting name="Changed" />}>
          <ChangedRow action={action} proposal={proposal} ownId={ownId} />
        </Suspense>
      )}
      <dt>Checks</dt>
      <dd>
        <Findings action={action} />
      </dd>
      <dt>Why</dt>
      <dd>
        <ol className="chain">
          {action.run_id === null ? (
            <li className="muted">{action.executor.name} named no run</li>
          ) : (
            <li>
              <span>
                run{' '}
                <Link to={`/runs/${encodeURIComponent(action.run_id)}`}>
                  <AgentText text={action.run_name ?? action.run_id} />
                </Link>
              </span>
            </li>
          )}
          {action.phase_id !== null && (
            <li>
              phase <AgentText text={action.phase_id} />
            </li>
          )}
          <li>this proposal</li>
        </ol>
      </dd>
      <dt>Risk</dt>
      <dd>
        <b className="tn">{action.risk.score} of 100</b>{' '}
        <span className="muted">
          {action.risk_contributions.map((item) => `${item.label} ${item.points > 0 ? '+' : ''}${item.points}`).join(', ')}
        </span>
      </dd>
      <Suspense fallback={<Waiting name="Precedent" />}>
        <PrecedentRow action={action} proposal={proposal} ownId={ownId} />
      </Suspense>
      <dt>Hidden</dt>
      <dd>
        <Suspense fallback="…">
          <HiddenValues proposal={proposal} />
        </Suspense>
      </dd>
      {rendered !== null && (
        <>
          <dt>Coverage</dt>
          <dd>
            <span className="cover">
              <CoverageTicks rendered={rendered} />
              <span>
                <b>
                  {rendered.coverage.explained} of {rendered.coverage.present}
                </b>{' '}
                fields explained
              </span>
              <span className="muted end">
                {proposal.descriptor === null ? 'no description of this kind of action' : `${proposal.descriptor.id} v${proposal.descriptor.version}`}
              </span>
            </span>
          </dd>
        </>
      )}
    </dl>
  )
}

function Waiting({ name }: { name: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="muted">…</dd>
    </>
  )
}

function MustSeeFields({ proposal, arming, open }: { proposal: Proposal; arming: ArmingOnPage; open: boolean }) {
  const fields = proposal.rendered!.fields.filter((field) => field.must_see && field.format !== 'unexplained')
  if (fields.length === 0) return null
  return (
    <>
      <dt>Look at</dt>
      <dd>
        <dl className="look">
          {fields.map((field) => (
            <div key={field.pointer}>
              <dt>
                {field.label} {open && <MustSee seen={arming.seen.includes(field.pointer)} />}
              </dt>
              <dd>
                <FieldValue field={field} mark />
              </dd>
            </div>
          ))}
        </dl>
      </dd>
    </>
  )
}

/** Each as it is, hidden characters escaped, and ticked by the person who looked. */
function Unexplained({ proposal, arming }: { proposal: Proposal; arming: ArmingOnPage }) {
  const fields = proposal.rendered!.fields.filter((field) => field.format === 'unexplained')
  if (fields.length === 0) return null
  return (
    <>
      <dt className="irrev">Unexplained</dt>
      <dd>
        <p>
          {proposal.descriptor === null
            ? 'No description of this kind of action exists. Every value is shown as it is.'
            : `Not in ${proposal.descriptor.id} v${proposal.descriptor.version}. Shown as they are.`}
        </p>
        <ol className="unx">
          {fields.map((field) => (
            <li key={field.pointer}>
              <code className="path">{field.label}</code>
              <label className="opt">
                <input
                  className="check"
                  type="checkbox"
                  checked={arming.seen.includes(field.pointer)}
                  onChange={(event) => arming.mark(field.pointer, event.target.checked)}
                />
                <span>
                  looked<span className="sr"> at {field.label}</span>
                </span>
              </label>
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
              <pre className="well" tabIndex={0} role="region" aria-label={`Value of ${field.label}`}>
                <VisibleText text={field.value_text} />
              </pre>
              {findMixedWords(field.value_text).map((word) => (
                <MixedWord key={word} word={word} />
              ))}
            </li>
          ))}
        </ol>
      </dd>
    </>
  )
}

const findingIcons = { finding: 'warn', could_not_check: 'none', pass: 'ok' } as const

function Findings({ action }: { action: ExternalAction }) {
  const order = { finding: 0, could_not_check: 1, pass: 2 }
  const findings = action.findings.toSorted((one, other) => order[one.level] - order[other.level])
  if (findings.length === 0) return <span className="muted">The server reports no checks for this action.</span>
  return (
    <ul className="checks">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.title}`} data-s={finding.level === 'pass' ? 'pass' : 'find'}>
          <Icon
            name={findingIcons[finding.level]}
            label={finding.level === 'pass' ? 'Passed' : finding.level === 'finding' ? 'Finding' : 'Could not check'}
          />
          <span>
            {finding.level === 'pass' ? finding.title : <b>{finding.title}</b>}
            {finding.detail !== '' && (
              <>
                <span className="dot" />
                {finding.detail}
              </>
            )}
            {finding.level !== 'pass' && <span className="seen-end" data-must-see={toFindingPointer(finding)} />}
          </span>
        </li>
      ))}
    </ul>
  )
}
