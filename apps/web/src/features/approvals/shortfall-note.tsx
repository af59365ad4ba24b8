import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { joinNames } from '../../shared/join-names.ts'
import type { Shortfall } from './find-shortfall.ts'
import './shortfall-note.css'

type Props = { /** Who asks. */ executor: string; shortfall: Shortfall; ownId: string }

/** Nobody can complete it as things are: who is missing, and who can change that. */
export function ShortfallNote({ executor, shortfall: { role, needed, people }, ownId }: Props) {
  const names = people.map((person) => (person.operator_id === ownId ? 'you' : person.name))
  return (
    <div className="shortfall" role="status">
      <Icon name="halted" />
      <p>
        <strong>Nobody can complete this.</strong> {needed === 1 ? `One ${role} still has to agree` : `${needed} people still have to agree`}, and of
        those who may see what {executor} does,{' '}
        {names.length === 0 ? 'nobody is left who may' : <AgentText text={`only ${joinNames(names, 'and')} may`} />}.{' '}
        {role === 'admin' ? (
          <>
            An admin makes somebody else one, under <Link to="/settings/people">People</Link>.
          </>
        ) : (
          <>
            Its owner or an admin shares it with more approvers, under <Link to="/settings/keys">Executor keys</Link>, or an admin adds one, under{' '}
            <Link to="/settings/people">People</Link>.
          </>
        )}{' '}
        Otherwise it expires; rejecting works.
      </p>
    </div>
  )
}
