import { brakeScopeKinds } from '@autopack/contract/control'
import { engageBrake, releaseBrake } from '@autopack/contract/operator-control'
import type { BodyOf } from '@autopack/contract/route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import * as z from 'zod/mini'

export type BrakeForm = { act: 'engage'; body: BodyOf<typeof engageBrake> } | { act: 'release'; body: BodyOf<typeof releaseBrake> }

const fields = ['token', 'act', 'scope', 'scope_id', 'reason', 'brake_id', 'sure'] as const

/** The fields of a form as a browser sends them (`application/x-www-form-urlencoded`). Throws ProblemError with words for the person. */
export function readFormFields(bytes: Uint8Array): ReadonlyMap<string, string> {
  const refused = (detail: string) => new ProblemError('invalid_request', detail)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refused('The form did not arrive as text. Open the page again and send it once more.')
  }
  const found = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (!(fields as readonly string[]).includes(name) || found.has(name))
      throw refused('The form has a field that this page does not have. Open the page again and send it once more.')
    found.set(name, value)
  }
  return found
}

/** What the person asked for, in the shape of the contract. Throws ProblemError with words for the person. */
export function parseBrakeForm(found: ReadonlyMap<string, string>): BrakeForm {
  const reason = found.get('reason') ?? ''
  if (found.get('act') === 'engage') {
    const kind = brakeScopeKinds.find((each) => each === (found.get('scope') ?? 'all'))
    if (kind === undefined) throw new ProblemError('invalid_request', 'Choose what to stop: everything, a provider, a run, or an executor.')
    const id = kind === 'all' ? '' : (found.get('scope_id') ?? '').trim()
    if (kind !== 'all' && id === '') throw new ProblemError('invalid_request', `Write which ${kind} to stop, or choose everything.`)
    return { act: 'engage', body: parsed(engageBrake.body, { scope: { kind, id }, reason }) }
  }
  if (found.get('act') === 'release') {
    if (found.get('sure') !== 'yes')
      throw new ProblemError('invalid_request', 'Releasing is deliberate: tick the box beside the button, then release. Nothing was released.')
    return { act: 'release', body: parsed(releaseBrake.body, { brake_id: found.get('brake_id') ?? '', reason }) }
  }
  throw new ProblemError('invalid_request', 'The form does not say what to do. Open the page again and send it once more.')
}

function parsed<S extends z.ZodMiniType>(schema: S, value: { reason: string } & Record<string, unknown>): z.infer<S> {
  const result = z.safeParse(schema, value)
  if (result.success) return result.data
  const aboutReason = result.error.issues.some((issue) => issue.path[0] === 'reason')
  throw new ProblemError(
    'invalid_request',
    aboutReason
      ? value.reason.trim() === ''
        ? 'Write why: a few words are enough.'
        : 'The reason may have 2,000 characters, and none that no text may hold. Shorten it.'
      : 'What to stop is not written as this console writes it. Copy the name from the page and send it again.',
  )
}
