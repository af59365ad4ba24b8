import type { ExternalAction, Observation } from '@autopack/contract/external-actions'
import { AgentText } from '../agent-text.tsx'
import { Icon } from '../icon.tsx'
import { Time } from '../time.tsx'
import { splitFields, toObservedWords } from './observed-words.ts'
import './observed-table.css'

/** So many equal fields are shown at once; more are a press away. */
const openFields = 5

/** Proposed = approved = observed, or exactly where it drifted. Nothing while nobody has looked. `brief`: what is equal is a press away. */
export function ObservedTable({ action, brief = false }: { action: ExternalAction; brief?: boolean }) {
  const observation = action.execution?.observed ?? null
  if (observation === null) return null
  const { off, equal } = splitFields(observation.fields)
  const folded = equal.length > (brief ? 0 : openFields) || (off.length > 0 && equal.length > 0)
  const rows = folded ? off : [...off, ...equal]
  return (
    <div className="observed">
      <Verdict action={action} observation={observation} />
      {rows.length > 0 && <Fields action={action} observation={observation} fields={rows} />}
      {folded && (
        <details>
          <summary>{equal.length === 1 ? '1 field is equal' : `${equal.length} fields are equal`}</summary>
          <Fields action={action} observation={observation} fields={equal} />
        </details>
      )}
      {observation.detail !== null && (
        <p className="muted">
          {action.executor.name} adds: <AgentText text={observation.detail} />
        </p>
      )}
    </div>
  )
}

function Verdict({ action, observation }: { action: ExternalAction; observation: Observation }) {
  const approved = action.authorized_by === 'policy' ? 'granted' : 'approved'
  return (
    <p className="obs-verdict" data-r={observation.result}>
      <span className="obs-eq">
        proposed <Icon name="equal" label="is" /> {approved}{' '}
        <Icon
          name={observation.result === 'verified' ? 'equal' : observation.result === 'drifted' ? 'differs' : 'expired'}
          label={observation.result === 'verified' ? 'is' : observation.result === 'drifted' ? 'is not' : 'cannot be compared with'}
        />{' '}
        observed
      </span>{' '}
      <span className="muted">
        {toObservedWords(observation)}, read back <Time at={observation.observed_at} form="clock" />
      </span>
    </p>
  )
}

function Fields({ action, observation, fields }: { action: ExternalAction; observation: Observation; fields: Observation['fields'] }) {
  const approved = action.authorized_by === 'policy' ? 'Granted' : 'Approved'
  return (
    <table className="equal">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Proposed</th>
          <th scope="col">{approved}</th>
          <th scope="col">Observed</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={`${field.sent} ${field.observed}`} data-same={field.same ?? 'missing'}>
            <th scope="row" title={field.sent}>
              <AgentText text={field.label} />
            </th>
            <td data-h="Proposed">
              <Value text={field.sent_text} same={field.same} />
            </td>
            <td data-h={approved}>
              <Value text={field.sent_text} same={field.same} />
            </td>
            <td data-h="Observed" title={field.observed}>
              <Value text={field.observed_text} same={field.same} missing={observation.result === 'cannot_verify' ? 'not read' : 'not there'} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ text, same, missing = 'not given' }: { text: string | null; same: boolean | null; missing?: string }) {
  // Whether two hashes are equal is told beside them; only where they differ has anybody to read all of them.
  if (same === true && text !== null && /^[0-9a-f]{64}$/.test(text)) return <code title={text}>{`${text.slice(0, 12)}…${text.slice(-6)}`}</code>
  if (text === null) return <span className="muted">{missing}</span>
  return text === '' ? <span className="muted">empty</span> : <AgentText text={text} />
}
