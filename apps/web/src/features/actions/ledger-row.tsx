import type { ExternalActionSummary, ObservationResult } from '@autopack/contract/external-actions'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { Cost } from '../../shared/cost.tsx'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Time } from '../../shared/time.tsx'
import { UndoText } from './undo-text.tsx'
import { WhoDecided } from './who-decided.tsx'

const observedWords: Record<ObservationResult, string> = { verified: 'as approved', drifted: 'differs', cannot_verify: 'cannot be read' }

type Props = {
  action: ExternalActionSummary
  actionable: boolean
  ownId: string
  selected: boolean
  onSelect: () => void
}

export function LedgerRow({ action, actionable, ownId, selected, onSelect }: Props) {
  const sentence = toAgentWords(action.sentence)
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a shortcut of the mouse to what j and k do; the link in the row is there for everybody
    <tr aria-selected={selected} data-action={action.action_id} onClick={onSelect}>
      <td className="c1">
        <LedgerMark action={action} actionable={actionable} quiet />
      </td>
      <td className="c2">
        <Link className="name" dir="auto" to={`/actions/${action.action_id}`} title={sentence}>
          <SentenceText sentence={action.sentence} capital />
        </Link>
        {action.mode === 'dry_run' && action.state !== 'SIMULATED' && <span className="dry faint">dry run</span>}
      </td>
      <td className="c3 muted">
        <span className="name v" dir="auto" title={toAgentWords(action.target)}>
          <VisibleText text={toAgentWords(action.target)} />
        </span>
      </td>
      <td className="c4 num">
        <Cost action={action} />
      </td>
      <td className="c5 muted">
        <span className="name" title={action.run_name === null ? action.executor.name : toAgentWords(`${action.executor.name}, ${action.run_name}`)}>
          {action.executor.name}
          {action.run_name !== null && (
            <>
              {' '}
              <span className="faint">
                <VisibleText text={toAgentWords(action.run_name)} />
              </span>
            </>
          )}
        </span>
      </td>
      <td className="c6 clip">
        <WhoDecided action={action} ownId={ownId} />
      </td>
      <td className="c7 clip">
        {action.observed !== null ? (
          <span className={action.observed === 'drifted' ? undefined : 'muted'}>{observedWords[action.observed]}</span>
        ) : (
          action.state === 'COMPLETED' && <span className="muted">nobody looked</span>
        )}
      </td>
      <td className="c8 clip">
        <UndoText action={action} />
      </td>
      <td className="c9 num">
        <Time at={action.requested_at} form="short" />
      </td>
    </tr>
  )
}
