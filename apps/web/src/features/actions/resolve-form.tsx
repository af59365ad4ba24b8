import { formatMoney } from '@autopack/approval-proof/format-money'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { UseMutationResult } from '@tanstack/react-query'
import { Icon } from '../../shared/icon.tsx'
import { ObservedTable } from '../../shared/ledger/observed-table.tsx'
import { Refusal } from '../../shared/refusal.tsx'
import { findFindingFault, toFinding, type FindingDraft } from './finding-draft.ts'
import type { ResolveInput } from './ledger-queries.ts'

type Props = {
  action: ExternalAction
  draft: FindingDraft
  onDraft: (draft: FindingDraft) => void
  resolve: UseMutationResult<unknown, Error, ResolveInput>
}

/** Where somebody looked and what was there. Nothing is sent again by it, whatever is found. */
export function ResolveForm({ action, draft, onDraft, resolve }: Props) {
  const may = action.allowed_actions.find((item) => item.action === 'resolve')
  const fault = findFindingFault(draft)
  const { execution } = action
  const finding = execution === null ? null : toFinding(draft, execution)
  function send() {
    if (finding !== null && !resolve.isPending) resolve.mutate({ action_id: action.action_id, finding })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div>
        <h2 id="resolve-title">
          <Icon name="unknown" /> Nobody knows whether it happened
        </h2>
        <p>
          {action.executor.name} took it and {execution?.finished_at === null ? 'fell silent' : 'could not tell how it ended'}. The effect may exist.
          It is never sent again by itself: look at the provider, then write down what is there.
        </p>
      </div>
      {execution?.observed && (
        <div className="act-seen">
          <h3>What {action.executor.name} read back</h3>
          <ObservedTable action={action} />
        </div>
      )}
      <div className="field">
        <label htmlFor="looked-at">Where you looked</label>
        <input
          id="looked-at"
          className="input"
          type="text"
          autoComplete="off"
          placeholder="The page, the list or the person you asked"
          value={draft.looked_at}
          onChange={(event) => onDraft({ ...draft, looked_at: event.target.value })}
        />
      </div>
      <fieldset className="field">
        <legend>What you found</legend>
        <label className="opt">
          <input
            className="radio"
            type="radio"
            name="finding"
            checked={draft.outcome === 'completed'}
            onChange={() => onDraft({ ...draft, outcome: 'completed' })}
          />
          <b>It happened.</b>
          <span className="muted">{toSpentWords(action)}</span>
        </label>
        <label className="opt">
          <input
            className="radio"
            type="radio"
            name="finding"
            checked={draft.outcome === 'failed'}
            onChange={() => onDraft({ ...draft, outcome: 'failed' })}
          />
          <b>It did not happen.</b>
          <span className="muted">{toKeptWords(action)}</span>
        </label>
      </fieldset>
      {draft.outcome === 'completed' && (
        <div className="field">
          <label htmlFor="object-id">Its id at the provider, if it has one</label>
          <input
            id="object-id"
            className="input"
            type="text"
            autoComplete="off"
            value={draft.external_object_id}
            onChange={(event) => onDraft({ ...draft, external_object_id: event.target.value })}
          />
        </div>
      )}
      <div className="field">
        <label htmlFor="resolve-reason">How you know</label>
        <textarea
          id="resolve-reason"
          className="input"
          rows={3}
          value={draft.reason}
          onChange={(event) => onDraft({ ...draft, reason: event.target.value })}
        />
        <span className="hint">Everybody who looks at the audit log reads this, under your name. It is said once and cannot be changed.</span>
      </div>
      <Refusal error={resolve.error} />
      <div className="act-resolve-end">
        <button
          className="btn lg primary"
          type="submit"
          disabled={may !== undefined && !may.allowed}
          aria-disabled={fault !== null || resolve.isPending}
          aria-describedby={may?.allowed === false ? 'resolve-why' : undefined}
        >
          {resolve.isPending ? 'Sending' : fault === null ? 'Write it down' : `Write it down: ${fault}`}
        </button>
        {may?.allowed === false && (
          <span className="muted" id="resolve-why">
            {may.why}
          </span>
        )}
      </div>
    </form>
  )
}

function toSpentWords({ cost, mode }: ExternalAction): string {
  if (mode === 'dry_run' || cost === null) return 'It counts among the actions of its day.'
  return `The ${formatMoney(cost.amount_minor, cost.currency)} that is reserved counts as spent.`
}

function toKeptWords({ cost, mode }: ExternalAction): string {
  if (mode === 'dry_run' || cost === null) return 'It is written down as failed. It can be proposed again.'
  const amount = formatMoney(cost.amount_minor, cost.currency)
  return `The ${amount} stays reserved for its day: only an executor that provably sent nothing frees room under a cap. It can be proposed again.`
}
