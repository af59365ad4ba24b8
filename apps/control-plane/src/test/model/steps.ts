/** What can happen in a history, and how often each of it does. */
import fc from 'fast-check'
import { actionKinds } from './action-kinds.ts'
import type { KindName } from './action-kinds.ts'

export const people = ['approver', 'second', 'admin', 'viewer'] as const
export type Who = (typeof people)[number]
const brakeScopes = ['all', 'provider', 'run', 'executor'] as const
export type BrakeScopeKind = (typeof brakeScopes)[number]
export const finishes = {
  completed: { sent: 'yes', outcome: 'completed', bytes: 'approved' },
  'sent other bytes': { sent: 'yes', outcome: 'completed', bytes: 'other' },
  'does not say which bytes': { sent: 'yes', outcome: 'completed', bytes: null },
  'failed, not sent': { sent: 'no', outcome: 'failed', bytes: null },
  'failed, sent': { sent: 'yes', outcome: 'failed', bytes: 'approved' },
  'does not know': { sent: 'unknown', outcome: 'unknown', bytes: null },
  'completed, not sent': { sent: 'no', outcome: 'completed', bytes: null },
} as const
export type FinishHow = keyof typeof finishes

const switchNames = ['EXTERNAL_ACTIONS_ENABLED', 'DRY_RUN', 'DEMO_SHOP_PUBLISH', 'ETSY_PUBLISH'] as const
export type SwitchName = (typeof switchNames)[number]
export type ReviseHow = 'other bytes' | 'same bytes' | 'the last again' | 'another revision' | 'another mode' | 'foreign'

/** `which` picks one of the actions there are. */
type About = { which: number }
export type Step = (
  | { do: 'propose'; kind: KindName; inRun: boolean; executor: 0 | 1; key: 'new' | 'again' | 'for something else' }
  | (About & { do: 'revise'; how: ReviseHow })
  | (About & { do: 'approve' | 'reject' | 'ask for change'; who: Who; about: 'it' | 'another revision' | 'other bytes' })
  | (About & { do: 'revoke' | 'veto'; who: Who; about: 'it' | 'another revision' | 'other bytes' })
  | (About & { do: 'cancel' })
  | (About & { do: 'claim'; how: 'right' | 'other bytes' | 'another revision' | 'again' | 'foreign' | 'key of another' })
  | (About & { do: 'heartbeat'; fence: 'right' | 'wrong' })
  | (About & { do: 'finish'; how: FinishHow; fence: 'right' | 'wrong' })
  | (About & { do: 'resolve'; who: Who; outcome: 'completed' | 'failed' })
  /** `provider` is the demo shop, `run` and `executor` those of the first executor. */
  | { do: 'engage' | 'release'; scope: BrakeScopeKind }
  | { do: 'cap'; currency: '' | 'USD'; cap: number }
  | { do: 'switch'; name: SwitchName; on: boolean }
  | { do: 'sweep' }
  | { do: 'wait'; seconds: number }
  | { do: 'clock'; to: 'years back' | 'right again' }
) & {
  /** The process dies before this statement of it, counted from its BEGIN; when the step commits before, before its answer. Absent: it lives. */
  dies?: number
}

const which = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) })
const decider = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Who>('approver') },
  { weight: 4, arbitrary: fc.constant<Who>('admin') },
  { weight: 2, arbitrary: fc.constant<Who>('second') },
  { weight: 1, arbitrary: fc.constant<Who>('viewer') },
)
const mostly = <T>(usual: T, ...rest: T[]) =>
  fc.oneof({ weight: 4 * rest.length, arbitrary: fc.constant(usual) }, { weight: rest.length, arbitrary: fc.constantFrom(...rest) })
const about = mostly<'it' | 'another revision' | 'other bytes'>('it', 'another revision', 'other bytes')
const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constant<KindName>('listing') },
  { weight: 4, arbitrary: fc.constantFrom(...(Object.keys(actionKinds) as KindName[])) },
)
const executor = mostly<0 | 1>(0, 1)

const propose = fc.record({
  do: fc.constant('propose' as const),
  kind,
  inRun: mostly(false, true),
  executor,
  key: mostly<'new' | 'again' | 'for something else'>('new', 'again', 'for something else'),
})
const decide = fc.record({ do: mostly<'approve' | 'reject' | 'ask for change'>('approve', 'reject', 'ask for change'), which, who: decider, about })
const revoke = fc.record({ do: fc.constantFrom('revoke' as const, 'veto' as const), which, who: fc.constantFrom(...people), about })
const revise = fc.record({
  do: fc.constant('revise' as const),
  which,
  how: mostly<ReviseHow>('other bytes', 'same bytes', 'the last again', 'another revision', 'another mode', 'foreign'),
})
const claim = fc.record({
  do: fc.constant('claim' as const),
  which,
  how: mostly<'right' | 'other bytes' | 'another revision' | 'again' | 'foreign' | 'key of another'>(
    'right',
    'other bytes',
    'another revision',
    'again',
    'foreign',
    'key of another',
  ),
})
const fence = fc.oneof({ weight: 9, arbitrary: fc.constant('right' as const) }, { weight: 1, arbitrary: fc.constant('wrong' as const) })
const finish = fc.record({ do: fc.constant('finish' as const), which, how: fc.constantFrom(...(Object.keys(finishes) as FinishHow[])), fence })
const control = fc.oneof(
  fc.record({ do: mostly<'engage' | 'release'>('engage', 'release'), scope: fc.constantFrom(...brakeScopes) }),
  fc.record({ do: fc.constant('release' as const), scope: fc.constantFrom(...brakeScopes) }),
  fc.oneof(
    fc.record({ do: fc.constant('cap' as const), currency: fc.constant('' as const), cap: fc.constantFrom(0, 1, 2, 3, 4) }),
    fc.record({ do: fc.constant('cap' as const), currency: fc.constant('USD' as const), cap: fc.constantFrom(0, 19, 20, 39, 40, 60, 61) }),
  ),
  fc.record({
    do: fc.constant('switch' as const),
    name: fc.constantFrom(...switchNames),
    on: fc.boolean(),
  }),
)
/** Around the lease, the time to execute and the time to decide: one second less, exactly that, much more. */
const wait = fc.record({
  do: fc.constant('wait' as const),
  seconds: fc.constantFrom(1, 59, 60, 61, 299, 300, 301, 899, 900, 3_599, 3_600, 3_899, 3_900, 86_399, 86_400, 90_000),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: propose },
  { weight: 14, arbitrary: decide },
  { weight: 12, arbitrary: claim },
  { weight: 10, arbitrary: finish },
  { weight: 6, arbitrary: revise },
  { weight: 5, arbitrary: revoke },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('heartbeat' as const), which, fence }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('resolve' as const), which, who: decider, outcome: fc.constantFrom('completed', 'failed') }) },
  { weight: 9, arbitrary: control },
  { weight: 5, arbitrary: wait },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'sweep' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock' as const), to: fc.constantFrom('years back' as const, 'right again' as const) }) },
)
const mayDie: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: step },
  { weight: 1, arbitrary: fc.tuple(step, fc.integer({ min: 1, max: 34 })).map(([one, dies]): Step => ({ ...one, dies })) },
)

/** One that is taken: later steps are about it. */
const taken = kind.filter((name) => !actionKinds[name].overGrant)
const first = fc.record({
  do: fc.constant('propose' as const),
  kind: taken,
  inRun: mostly(false, true),
  executor: fc.constant<0>(0),
  key: fc.constant<'new'>('new'),
})
const approved: Step = { do: 'approve', which: 0, who: 'approver', about: 'it' }
const approvedTwice: Step = { do: 'approve', which: 0, who: 'admin', about: 'it' }
const claimed: Step = { do: 'claim', which: 0, how: 'right' }
const lost: Step = { do: 'finish', which: 0, how: 'does not know', fence: 'right' }
/** Every history begins with a proposal; most go on to where something can go wrong. */
const beginning = fc
  .tuple(
    first,
    fc.constantFrom<Step[]>(
      [],
      [approved],
      [approved, approvedTwice],
      [approved, approvedTwice, claimed],
      [approved, claimed],
      [approved, claimed, lost],
    ),
  )
  .map(([proposal, more]): Step[] => [proposal, ...more])

/** Mostly short: what goes wrong goes wrong with the next command or two, and the stem has led there. */
const ending = fc.oneof(
  { weight: 4, arbitrary: fc.array(mayDie, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.array(mayDie, { minLength: 3, maxLength: 5 }) },
)

export type History = { stem: Step[]; endings: Step[][] }

/** A stem with several endings: as many histories as endings, each the stem followed by one of them. */
export function histories(endings: number): fc.Arbitrary<History> {
  return fc.record({
    stem: fc.tuple(beginning, fc.array(mayDie, { maxLength: 3 })).map(([begun, more]) => [...begun, ...more]),
    endings: fc.array(ending, { minLength: endings, maxLength: endings }),
  })
}
