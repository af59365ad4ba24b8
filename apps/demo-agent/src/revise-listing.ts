import type { JsonValue } from '@autopack/approval-proof/canonical-profile'
import type { Payload } from '@autopack/approval-proof/payload'

/**
 * The listing with the value a person asked to change made plainer: `field` is a JSON pointer into the payload. Null: this agent has no
 * plainer form of it, or what is asked for is there already.
 */
export function reviseListing(proposal: Omit<Payload, 'v'>, field: string | null): Omit<Payload, 'v'> | null {
  const body = proposal.request.body
  if (field === null || body === null || typeof body !== 'object' || Array.isArray(body)) return null
  const changed = changeBody(body, field)
  if (changed === null || JSON.stringify(changed) === JSON.stringify(body)) return null
  return { ...proposal, request: { ...proposal.request, body: changed } }
}

function changeBody(body: { [key: string]: JsonValue }, field: string): { [key: string]: JsonValue } | null {
  const { title, description, tags } = body
  if (field === '/request/body/title' && typeof title === 'string') return { ...body, title: title.split(':', 1)[0]! }
  if (field === '/request/body/description' && typeof description === 'string') return { ...body, description: description.split('\n', 1)[0]! }
  if (field === '/request/body/quantity') return { ...body, quantity: 1 }
  const tag = /^\/request\/body\/tags\/(\d+)$/.exec(field)
  if (tag !== null && Array.isArray(tags)) return { ...body, tags: tags.filter((_, place) => place !== Number(tag[1])) }
  return null
}
