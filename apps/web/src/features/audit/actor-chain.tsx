import type { AuditEvent } from '@autopack/contract/audit'
import { useQuery } from '@tanstack/react-query'
import { AgentText, toAgentWords } from '../../shared/agent-text.tsx'
import { Icon, type IconName } from '../../shared/icon.tsx'
import { peopleQuery } from '../../shared/settings/people-query.ts'
import { readActorChain, type ActorLink } from './read-actor-chain.ts'

const icons: Record<ActorLink['kind'], IconName> = {
  person: 'person',
  console: 'page',
  session: 'link',
  executor: 'executor',
  key: 'passkey',
  system: 'clock',
  nobody: 'ghost',
}

/** Person, console, key: who acted through what, drawn in that order. */
export function ActorChain({ event }: { event: AuditEvent }) {
  const people = useQuery(peopleQuery)
  const links = readActorChain(event)
  if (links.length === 0) return <AgentText text={event.auth_principal_name ?? event.auth_principal_id} />
  return (
    <ol className="actors" aria-label="Through what">
      {links.map((link, place) => (
        <li key={place}>
          {place > 0 && <Icon name="chev-r" small />}
          <Icon name={icons[link.kind]} small />
          <span title={link.id === null ? undefined : toAgentWords(link.id)}>
            <AgentText text={toWords(link, event, (id) => people.data?.items.find((person) => person.operator_id === id)?.name)} />
          </span>
        </li>
      ))}
    </ol>
  )
}

function toWords({ kind, id }: ActorLink, event: AuditEvent, nameOf: (id: string) => string | undefined): string {
  const ofActor = id === event.auth_principal_id ? event.auth_principal_name : null
  switch (kind) {
    case 'person':
      return ofActor ?? nameOf(id ?? '') ?? id ?? 'somebody'
    case 'console':
      return 'console'
    case 'session':
      return `session ${(id ?? '').slice(0, 8)}…`
    case 'executor':
      return ofActor ?? id ?? 'an executor'
    case 'key':
      return `key ${id ?? ''}`
    case 'system':
      return event.auth_principal_name ?? id ?? 'system'
    case 'nobody':
      return 'nobody who signed in'
  }
}
