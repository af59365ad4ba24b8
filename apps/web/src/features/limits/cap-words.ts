import { formatMoney } from '@autopack/approval-proof/format-money'
import type { Control } from '@autopack/contract/operator-control'
import { formatCount } from '../../shared/format-count.ts'

export type Cap = Control['caps'][number]

/** `$12.64`, or `7` where actions are counted. */
export function toAmount(cap: Pick<Cap, 'currency'>, amount: number): string {
  return cap.currency === null ? formatCount(amount) : formatMoney(amount, cap.currency)
}

/** `Spend in USD`, `Actions`; of one kind of action: its name, and `what is granted of` it. */
export function toCapName({ scope, currency }: Pick<Cap, 'scope' | 'currency'>): { name: string; of: string } {
  const unit = currency === null ? 'count' : `money, ${currency}`
  if (scope === null) return { name: currency === null ? 'Actions, all kinds' : `Spend in ${currency}, all kinds`, of: unit }
  if (scope.startsWith('grant:')) return { name: scope.slice('grant:'.length), of: `${unit}, granted without a person` }
  return { name: scope, of: unit }
}

export function toLeft({ cap, used, reserved }: Pick<Cap, 'cap' | 'used' | 'reserved'>): number {
  return Math.max(0, cap - used - reserved)
}

/** How full a cap is with what is done, reserved and waiting; above 1 something cannot go. A cap of 0 is full when anything waits. */
export function toLoad({ cap, used, reserved, waiting }: Pick<Cap, 'cap' | 'used' | 'reserved' | 'waiting'>): number {
  const sum = used + reserved + waiting
  return cap === 0 ? (sum === 0 ? 0 : Number.POSITIVE_INFINITY) : sum / cap
}

/** The one that binds first, first; the others by how full they are, those of the whole deployment before those of one kind. */
export function sortCaps(caps: readonly Cap[]): Cap[] {
  return caps.toSorted((one, other) => toLoad(other) - toLoad(one) || Number(one.scope !== null) - Number(other.scope !== null))
}

/** The sentence of the page, with the name of the cap apart so that it can stand out. `sorted`: as `sortCaps` has them. */
export function toBindingSentence(sorted: readonly Cap[]): { before: string; name: string; after: string } {
  const [first] = sorted
  if (first === undefined) return { before: 'No cap is set, so nothing that costs can be taken.', name: '', after: '' }
  const { name } = toCapName(first)
  const amount = (value: number) => toAmount(first, value)
  if (toLoad(first) === 0) return { before: 'Nothing is spent, reserved or waiting today.', name: '', after: '' }
  const parts = [`${amount(first.used)} of ${amount(first.cap)} done`]
  if (first.reserved > 0) parts.push(`${amount(first.reserved)} reserved`)
  if (first.waiting > 0) parts.push(`${amount(first.waiting)} waiting`)
  const left = toLeft(first)
  if (first.cap === 0) return { before: '', name, after: ` is set to nothing: ${amount(first.waiting)} waiting, none of it can be taken.` }
  if (left === 0) return { before: '', name, after: ` is used up: ${parts.join(', ')}.` }
  return first.waiting > left
    ? { before: '', name, after: ` does not hold what waits: ${parts.join(', ')}.` }
    : { before: 'The next cap to bind is ', name, after: `: ${parts.join(', ')}.` }
}

/** Caps that cannot hold all that waits, in words, whatever is approved. */
export function listTooSmall(caps: readonly Cap[]): { name: string; text: string }[] {
  return caps
    .filter((cap) => cap.waiting > toLeft(cap))
    .map((cap) => ({
      name: toCapName(cap).name,
      text: `${toAmount(cap, cap.waiting)} waiting, ${toAmount(cap, toLeft(cap))} left. What does not fit is refused when it is taken, even when approved.`,
    }))
}

/** Positions on the scale in percent: done, reserved, waiting, cut at the cap. */
export function toScale({ cap, used, reserved, waiting }: Pick<Cap, 'cap' | 'used' | 'reserved' | 'waiting'>): {
  done: number
  reserved: number
  waiting: number
  over: boolean
} {
  const sum = used + reserved + waiting
  const share = (amount: number) => (cap === 0 ? 0 : Math.min(100, (amount / cap) * 100))
  const done = share(used)
  const held = Math.min(100 - done, share(reserved))
  return { done, reserved: held, waiting: Math.min(100 - done - held, share(waiting)), over: sum > cap }
}
