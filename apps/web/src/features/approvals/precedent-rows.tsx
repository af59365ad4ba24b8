import type { ExternalAction } from '@autopack/contract/external-actions'
import type { ReactNode } from 'react'
import { Link } from '../../shared/link.tsx'
import { AgentText, VisibleText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Time } from '../../shared/time.tsx'
import { toDiffWords, type LeafChange } from './diff-leaves.ts'
import type { Precedents } from './precedent-queries.ts'
import type { Proposal } from './read-proposal.ts'
import { splitChange } from './split-change.ts'
import { useComparison, type Comparison } from './use-comparison.ts'
import './precedent-rows.css'

type Props = { action: ExternalAction; proposal: Proposal; ownId: string }

/** What changed since the one approved last. */
export function ChangedRow({ action, proposal, ownId }: Props) {
  const { comparison } = useComparison(action, proposal)
  return (
    <>
      <dt>Changed</dt>
      <dd>
        <Changed comparison={comparison} ownId={ownId} />
      </dd>
    </>
  )
}

const mostRows = 5

function Changed({ comparison, ownId }: { comparison: Comparison; ownId: string }): ReactNode {
  if (comparison.kind === 'loading') return <span className="muted">Comparing with the one approved last</span>
  if (comparison.kind === 'none') {
    return (
      <>
        Nothing to compare with: <span className="muted">nothing of this kind was approved on this target before.</span>
      </>
    )
  }
  if (comparison.kind === 'failed') {
    return (
      <>
        <Icon name="none" label="Could not check" /> <b>Not compared.</b> {comparison.words}{' '}
        <button className="btn quiet" type="button" onClick={comparison.retry}>
          Try again
        </button>
      </>
    )
  }
  const { diff } = comparison
  return (
    <>
      <p>
        {toDiffWords(diff)}, since <Earlier earlier={comparison.earlier} ownId={ownId} />.
      </p>
      {diff.changes.length > 0 && (
        <div className="was">
          {diff.changes.slice(0, mostRows).map((change) => (
            <ChangeRow key={change.pointer} change={change} />
          ))}
        </div>
      )}
      {diff.changes.length > mostRows && (
        <p>
          <Link to="?view=diff">and {diff.changes.length - mostRows} more</Link>
        </p>
      )}
    </>
  )
}

function Earlier({ earlier, ownId }: { earlier: NonNullable<Precedents['last_approved']>; ownId: string }) {
  const own = earlier.approved_by.some((person) => person.operator_id === ownId)
  return (
    <Link to={`/approvals/${earlier.action_id}`}>
      the one {own ? 'you' : earlier.approved_by.map((person) => person.name).join(' and ')} approved <Time at={earlier.approved_at} form="short" />
    </Link>
  )
}

function ChangeRow({ change }: { change: LeafChange }) {
  return (
    <dl>
      <dt className={change.unexplained ? 'irrev' : 'muted'}>{change.label}</dt>
      <dd>
        <ChangedValues change={change} />
      </dd>
    </dl>
  )
}

/** Old and new beside each other: what both share is plain, what is gone is struck, what is new is heavy. */
function ChangedValues({ change }: { change: LeafChange }) {
  const { before, after } = change
  if (before === null) {
    return (
      <>
        <span className="muted">new: </span>
        <ins className="v" dir="auto">
          <VisibleText text={after!} />
        </ins>
      </>
    )
  }
  if (after === null) {
    return (
      <>
        <span className="muted">gone: </span>
        <del className="v" dir="auto">
          <VisibleText text={before} />
        </del>
      </>
    )
  }
  const parts = splitChange(before, after)
  return (
    <>
      <span className="sr">Was: </span>
      <span className="v" dir="auto">
        <VisibleText text={parts.start} />
        <del>
          <VisibleText text={parts.before} />
        </del>
        <VisibleText text={parts.end} />
      </span>{' '}
      <Icon name="arrow-r" small label="becomes" />{' '}
      <span className="v" dir="auto">
        <VisibleText text={parts.start} />
        <ins>
          <VisibleText text={parts.after} />
        </ins>
        <VisibleText text={parts.end} />
      </span>
    </>
  )
}

/** What people decided about similar proposals, and why. */
export function PrecedentRow({ action, proposal, ownId }: Props) {
  const { precedents, comparison } = useComparison(action, proposal)
  return (
    <>
      <dt>Precedent</dt>
      <dd>
        {precedents === undefined ? (
          comparison.kind === 'failed' ? (
            <>
              <Icon name="none" label="Could not check" /> not known <span className="muted">{comparison.words}</span>
            </>
          ) : (
            <span className="muted">Looking</span>
          )
        ) : (
          <Precedent precedents={precedents} ownId={ownId} />
        )}
      </dd>
    </>
  )
}

const shownReasons = 3
const kindWords = { never: 'as never', not_now: 'as not now', change_this: 'as change this' } as const

function Precedent({ precedents, ownId }: { precedents: Precedents; ownId: string }) {
  const { approved_count, rejected_count, items } = precedents
  if (approved_count === 0 && rejected_count === 0) {
    return (
      <>
        none <span className="muted">for this kind of action on this target, as far as you may see</span>
      </>
    )
  }
  const rejections = items.filter((item) => item.kind === 'reject')
  const shown = [...rejections, ...items.filter((item) => item.kind === 'approve')].slice(0, shownReasons)
  return (
    <>
      <p>
        approved <b className="tn">×{approved_count}</b>
        <span className="dot" />
        rejected <b className="tn">×{rejected_count}</b>
      </p>
      <ul className="checks precedents">
        {shown.map((item) => (
          <li key={`${item.action_id} ${item.revision} ${item.decided_at}`}>
            <Icon name={item.kind === 'approve' ? 'ok' : 'halted'} label={item.kind === 'approve' ? 'Approved' : 'Rejected'} />
            <span>
              {item.reason === null ? (
                <span className="muted">its reason is sealed</span>
              ) : (
                <q>
                  <AgentText text={item.reason} />
                </q>
              )}{' '}
              <span className="muted">
                {item.decided_by.operator_id === ownId ? 'you' : <AgentText text={item.decided_by.name} />}
                {item.reject_kind !== null && ` ${kindWords[item.reject_kind]}`}, <Time at={item.decided_at} form="short" />
              </span>{' '}
              <Link to={`/approvals/${item.action_id}`}>open</Link>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
