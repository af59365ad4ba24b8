import { NotCanonicalError } from '@autopack/approval-proof/canonical-json'
import { makeReceipt } from '@autopack/verifier/make-receipt'
import type { Alterations, ReceiptKnobs } from '@autopack/verifier/make-receipt'
import { createRandomNumber } from '../prove/random-number.ts'

type Loose = Record<string, unknown>

const ada = { name: 'Ada', role: 'approver', key: 'ES256' } as const
const kinds: readonly ReceiptKnobs[] = [
  { approvers: [{ ...ada, key: null }] },
  { approvers: [{ ...ada, passkeysBefore: 1 }] },
  { approvers: [{ ...ada, key: null }, { name: 'Bo', role: 'admin', key: null }], holdSeconds: 60 }, // prettier-ignore
  { approvers: [{ ...ada, key: null }], observations: ['drifted', 'verified'] },
  { approvers: [{ ...ada, key: null }], resolved: 'completed', leaseLost: true },
  { approvers: [{ ...ada, key: null }], state: 'REVOKED' },
  { approvers: [{ ...ada, key: null }], revised: true, state: 'REJECTED' },
  { descriptor: null },
  { state: 'EXPIRED' },
]
const records = [
  'descriptor',
  'revision',
  'statement',
  'decision',
  'revocation',
  'claim',
  'outcome',
  'observation',
  'resolution',
  'passkey',
  'act',
] as const
/** What two readers could take differently: near a limit, of another type, of another form. */
const values: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    2,
    3,
    -1,
    59,
    3_601,
    2 ** 53 - 1,
    '',
    'a',
    'none',
    'passkey',
    'admin',
    'viewer',
    'policy',
    'people',
    'failed',
    'A',
    'B',
  ],
  ...[[], {}, [1], 'f'.repeat(64), 'x'.repeat(301), '\u202e', 'é𝄞', '⟨U+0041⟩', 'a\nb', '__proto__', 'toString', '/request/body/title', '/target/*'],
  ...['2026-11-23T10:00:00.000Z', '2026-11-23T24:00:00.000Z', '2027-02-29T10:00:00.000Z', '0000-01-01T00:00:00.000Z', '2026-11-23T10:00:30.000Z'],
]

/**
 * The receipt of a console that changes one thing at random in a record, a descriptor, a statement or an event, before it hashes and signs;
 * null where nothing can be made of it.
 */
export function makeLie(seed: number): { what: string; text: string } | null {
  const { below, pick } = createRandomNumber(seed)
  const knobs = kinds[seed % kinds.length]!
  const lies: string[] = []
  const turn =
    (name: string) =>
    (thing: Loose, place = 0) => {
      if (place > 0 && below(2) === 0) return
      // Parts of it are those of others, too, and stay as they are there.
      Object.assign(thing, structuredClone(thing))
      lies.push(`${name}: ${changeOne(thing, { below, pick })}`)
    }
  const name = pick([...records, 'event', 'event'] as const)
  const alter: Alterations =
    name === 'event'
      ? {
          events: (events) => {
            const about = events.filter(({ told }) => told)
            const one = pick(about)
            if (below(4) > 0) {
              turn('event')(one.event)
              return events
            }
            const other = pick(about)
            lies.push('events: one moved')
            return events.flatMap((event) => (event === one ? [] : event === other ? [event, one] : [event])).concat(one === other ? [one] : [])
          },
        }
      : { [name]: turn(name) }
  try {
    const { text } = makeReceipt({ others: 0, ...knobs, alter })
    return { what: lies.join('; '), text }
  } catch (error) {
    // Of a deadline that is no moment nothing follows, and what is no JSON has no hash.
    if (error instanceof RangeError || error instanceof NotCanonicalError) return null
    throw error
  }
}

/** Another value, a member left out or added, or the value of another member, somewhere in it. */
function changeOne(thing: Loose, { below, pick }: Pick<ReturnType<typeof createRandomNumber>, 'below' | 'pick'>): string {
  const places = listPlaces(thing)
  const [parent, key, path] = pick(places)
  const way = below(8)
  if (way === 0 && !Array.isArray(parent)) delete parent[key]
  else if (way === 1) parent['more'] = pick(values)
  else if (way === 2) {
    const [other, otherKey] = pick(places)
    parent[key] = structuredClone(other[otherKey])
  } else if (way === 3 && typeof parent[key] === 'number') parent[key] += pick([1, -1])
  else if (way === 3 && typeof parent[key] === 'string') parent[key] += pick(['A', ' ', '\u200b', '\n'])
  else parent[key] = structuredClone(pick(values))
  return `${path} ${way}`
}

function listPlaces(value: unknown, path = ''): Array<readonly [parent: Loose, key: string, path: string]> {
  if (typeof value !== 'object' || value === null) return []
  const parent = value as Loose
  return Object.keys(parent).flatMap((key) => [[parent, key, `${path}/${key}`] as const, ...listPlaces(parent[key], `${path}/${key}`)])
}
