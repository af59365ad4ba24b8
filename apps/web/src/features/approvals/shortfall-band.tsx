import type { ExternalAction } from '@autopack/contract/external-actions'
import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { joinNames } from '../../shared/join-names.ts'
import { toOneOf } from '../../shared/role-words.ts'
import type { Shortfall } from './find-shortfall.ts'

type Props = { action: ExternalAction; shortfall: Shortfall; ownId: string }

/** Nobody can complete it as things are: who is missing, and who can change that. */
export function ShortfallBand({ action, shortfall: { role, needed, people }, ownId }: Props) {
  const names = people.map((person) => (person.operator_id === ownId ? 'you' : person.name))
  return (
    <div className="banner" data-s="halted" role="status">
      <Icon name="halted" />
      <p>
        <strong>Nobody can complete this.</strong> {needed === 1 ? `${toOneOf(role)} still has to agree` : `${needed} people still have to agree`},
        and of those who may see what {action.executor.name} does,{' '}
        {names.length === 0 ? 'nobody is left who may' : <AgentText text={`only ${joinNames(names, 'and')} may`} />}.{' '}
        {role === 'admin' ? (
          <>
            An admin has to make somebody else one: <Link to="/settings/people">People</Link>.
          </>
        ) : (
          <>
            Its owner or an admin shares it with more people who decide: <Link to="/settings/keys">Executor keys</Link>. Where all of them see it
            already, an admin adds one: <Link to="/settings/people">People</Link>.
          </>
        )}{' '}
        Otherwise it expires; rejecting works.
      </p>
    </div>
  )
}
