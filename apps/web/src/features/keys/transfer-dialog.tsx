import type { Executor } from '@autopack/contract/executors'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { peopleQuery } from '../../shared/settings/people-query.ts'
import { ReasonField } from '../../shared/settings/reason-field.tsx'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { transferMutation } from './executor-acts.ts'

/** Makes somebody else accountable for an executor. */
export function TransferDialog({ executor, onDone, onClose }: { executor: Executor; onDone: (words: string) => void; onClose: () => void }) {
  const [owner, setOwner] = useState('')
  const [reason, setReason] = useState('')
  const people = useQuery(peopleQuery)
  const others = people.data?.items.filter((person) => person.state === 'enabled' && person.operator_id !== executor.owner.operator_id) ?? []
  const name = toAgentWords(others.find((person) => person.operator_id === owner)?.name ?? '')
  const transfer = useMutation({
    ...transferMutation,
    onSuccess: () => onDone(`${executor.name} belongs to ${name} now.`),
  })
  return (
    <SettingsDialog
      title={`Hand over ${executor.name}`}
      act="Hand it over"
      acting="Handing over"
      pending={transfer.isPending}
      missing={owner === '' ? 'choose somebody' : reason.trim() === '' ? 'say why first' : null}
      error={transfer.error}
      done={transfer.isSuccess}
      onSend={() =>
        transfer.mutate({ executor_id: executor.executor_id, owner_operator_id: owner, reason, words: `Hand ${executor.name} to ${name}` })
      }
      onClose={onClose}
    >
      <p className="muted">
        The owner is accountable for what it does, and does not approve its requests alone. Runs that it started until now stay visible to{' '}
        <span dir="auto">{toAgentWords(executor.owner.name)}</span>.
      </p>
      {people.error !== null && <ProblemPanel title="The people could not be read" error={people.error} onRetry={() => void people.refetch()} />}
      <div className="field">
        <label htmlFor="new-owner">New owner</label>
        <select id="new-owner" className="input lg" value={owner} onChange={(event) => setOwner(event.target.value)}>
          <option value="">Choose…</option>
          {others.map((person) => (
            <option key={person.operator_id} value={person.operator_id}>
              {toAgentWords(person.name)}, {person.role}
            </option>
          ))}
        </select>
      </div>
      <ReasonField label="Why" value={reason} onType={setReason} />
    </SettingsDialog>
  )
}
