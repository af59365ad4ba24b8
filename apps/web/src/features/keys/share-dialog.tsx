import type { Executor } from '@autopack/contract/executors'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { peopleQuery } from '../../shared/settings/people-query.ts'
import { SettingsDialog } from '../../shared/settings/settings-dialog.tsx'
import { shareMutation } from './executor-acts.ts'

/** Who else sees what an executor does: everybody, or these people. */
export function ShareDialog({ executor, onDone, onClose }: { executor: Executor; onDone: (words: string) => void; onClose: () => void }) {
  const [everyone, setEveryone] = useState(executor.shared_with_everyone)
  const [chosen, setChosen] = useState<readonly string[]>(executor.shared_with?.map((person) => person.operator_id) ?? [])
  const people = useQuery(peopleQuery)
  const others = people.data?.items.filter((person) => person.state === 'enabled' && person.operator_id !== executor.owner.operator_id)
  const share = useMutation({
    ...shareMutation,
    onSuccess: () => onDone(`Who sees ${executor.name} is set.`),
  })
  const known = new Set(others?.map((person) => person.operator_id))
  return (
    <SettingsDialog
      title={`Who sees ${executor.name}`}
      act="Set it"
      acting="Setting"
      pending={share.isPending}
      missing={others === undefined ? 'reading who is here' : null}
      error={share.error}
      done={share.isSuccess}
      onSend={() =>
        share.mutate({ executor_id: executor.executor_id, shared_with_everyone: everyone, shared_with: chosen.filter((each) => known.has(each)) })
      }
      onClose={onClose}
    >
      <p className="muted">Its owner and admins always see its runs, artifacts and actions. Whoever else sees them may be asked to decide them.</p>
      {people.error !== null && <ProblemPanel title="The people could not be read" error={people.error} onRetry={() => void people.refetch()} />}
      <label className="opt">
        <input className="check" type="checkbox" checked={everyone} onChange={(event) => setEveryone(event.target.checked)} />
        <span>Everybody who may sign in</span>
      </label>
      {!everyone && others !== undefined && (
        <fieldset className="acts scrolls">
          <legend>{others.length === 0 ? 'Nobody else may sign in yet' : 'Or these people'}</legend>
          {others.map((person) => (
            <label className="opt" key={person.operator_id}>
              <input
                className="check"
                type="checkbox"
                checked={chosen.includes(person.operator_id)}
                onChange={(event) =>
                  setChosen(event.target.checked ? [...chosen, person.operator_id] : chosen.filter((each) => each !== person.operator_id))
                }
              />
              <span>
                <span className="v" dir="auto">
                  {toAgentWords(person.name)}
                </span>{' '}
                <span className="muted">{person.role}</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </SettingsDialog>
  )
}
