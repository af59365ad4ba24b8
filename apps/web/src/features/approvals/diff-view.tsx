import { seal } from '@autopack/approval-proof/seal'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { Link } from '../../shared/link.tsx'
import { Icon } from '../../shared/icon.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { AgentText, VisibleText } from '../../shared/agent-text.tsx'
import { toDiffWords, type LeafChange } from './diff-leaves.ts'
import type { Proposal } from './read-proposal.ts'
import { splitChange } from './split-change.ts'
import { useComparison } from './use-comparison.ts'
import './precedent-rows.css'

/** Value by value against the one approved last, each hashed with its place. What was not computed is not called equal. */
export function DiffView({ action, proposal }: { action: ExternalAction; proposal: Proposal }) {
  const { comparison } = useComparison(action, proposal)
  if (comparison.kind === 'loading') return <p className="viewhead muted">Comparing with the one approved last</p>
  if (comparison.kind === 'none') {
    return <p className="viewhead">There is nothing to compare with: nothing of this kind was approved on this target before.</p>
  }
  if (comparison.kind === 'failed') {
    if (comparison.error !== null)
      return <ProblemPanel title={`Not compared. ${comparison.words}`} error={comparison.error} onRetry={comparison.retry} />
    return (
      <p className="viewhead" role="alert">
        <Icon name="failed" /> <b>Not compared.</b> {comparison.words} Nothing is proven equal.
      </p>
    )
  }
  const { earlier, diff } = comparison
  return (
    <>
      <p className="viewhead">
        <span>
          <b>{toDiffWords(diff)}.</b>{' '}
          <span className="muted">
            Against <SealMark seal={seal(earlier.payload_hash)} to={`/approvals/${earlier.action_id}`} />, approved{' '}
            <Time at={earlier.approved_at} form="clock" /> by {earlier.approved_by.map((person) => person.name).join(' and ')}. Computed here, over{' '}
            {diff.count + diff.gone_count} hashed values.
          </span>
        </span>
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div className="tablewrap" tabIndex={0} role="region" aria-label="Difference by field">
        <table className="t difs">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Approved then</th>
              <th scope="col">Would be sent now</th>
            </tr>
          </thead>
          <tbody>
            {diff.changes.map((change) => (
              <ChangedLine key={change.pointer} change={change} />
            ))}
            {diff.equal.map(({ group, count }) => (
              <tr className="fold" key={group}>
                <td colSpan={3}>
                  <Icon name="ok" small /> {count} {count === 1 ? 'field' : 'fields'} proven equal
                  <span className="dot" />
                  {group}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="viewhead muted">
        Equal are only values at the same place: something that moved in a list counts as changed. <Link to="?view=fields">All fields</Link>
      </p>
    </>
  )
}

function ChangedLine({ change }: { change: LeafChange }) {
  const { before, after } = change
  const parts = before !== null && after !== null ? splitChange(before, after) : { start: '', before: before ?? '', after: after ?? '', end: '' }
  return (
    <tr>
      <th scope="row" className={change.unexplained ? 'irrev' : undefined}>
        {change.unexplained ? 'Unexplained' : change.label}
        <span className="path">
          <AgentText text={change.pointer} />
        </span>
      </th>
      <td>
        {before === null ? (
          <span className="muted">not there</span>
        ) : (
          <span className="v" dir="auto">
            <VisibleText text={parts.start} />
            <del>
              <VisibleText text={parts.before} />
            </del>
            <VisibleText text={parts.end} />
          </span>
        )}
      </td>
      <td>
        {after === null ? (
          <span className="muted">gone</span>
        ) : (
          <span className="v" dir="auto">
            <VisibleText text={parts.start} />
            <ins>
              <VisibleText text={parts.after} />
            </ins>
            <VisibleText text={parts.end} />
          </span>
        )}
      </td>
    </tr>
  )
}
