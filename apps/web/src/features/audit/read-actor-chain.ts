import type { AuditEvent } from '@autopack/contract/audit'

export type ActorLink = { kind: 'person' | 'session' | 'console' | 'executor' | 'key' | 'system' | 'nobody'; id: string | null }

const kinds: Record<string, ActorLink['kind']> = {
  operator: 'person',
  session: 'session',
  console: 'console',
  executor: 'executor',
  key: 'key',
  system: 'system',
  anonymous: 'nobody',
}

/** Who acted through what, from the person to what was used last: the session belongs to the console it was held in, and stands after it. */
export function readActorChain({ principal_chain }: Pick<AuditEvent, 'principal_chain'>): ActorLink[] {
  const links = principal_chain.map((text): ActorLink => {
    const cut = text.indexOf(':')
    const kind = kinds[cut === -1 ? text : text.slice(0, cut)]
    // What no version of the console has written yet is shown as it is.
    return kind === undefined ? { kind: 'system', id: text } : { kind, id: cut === -1 ? null : text.slice(cut + 1) }
  })
  const console_ = links.findIndex(({ kind }) => kind === 'console')
  const session = links.findIndex(({ kind }) => kind === 'session')
  if (session === -1 || console_ < session) return links
  return links.toSpliced(console_, 1).toSpliced(session, 0, links[console_]!)
}
