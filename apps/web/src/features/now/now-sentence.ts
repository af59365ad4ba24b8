import { formatMoney } from '@autopack/approval-proof/format-money'
import type { Money } from '@autopack/contract/primitives'
import { formatDuration } from '../../shared/format-duration.ts'
import { formatCount } from '../../shared/format-count.ts'

export type Waiting = { requested_at: string; cost: Money | null; blind: boolean }

/**
 * The one sentence of the first page, in parts that must not be broken across lines. `total` counts all that wait, `items` are those at hand:
 * when some are missing the sentence says so instead of adding up what it does not know. `stopped`: the brake over everything is engaged.
 */
export function toNowSentence(items: readonly Waiting[], total: { count: number; exact: boolean }, nowMs: number, stopped = false): string[] {
  if (total.count === 0 || items.length === 0) return ['Nothing needs you.']
  const many = total.exact ? formatCount(total.count) : `${formatCount(total.count)} or more`
  const parts = [`${many} ${stopped ? (total.count === 1 ? 'waits' : 'wait') : total.count === 1 ? 'needs you' : 'need you'}.`]
  const oldest = Math.min(...items.map((item) => Date.parse(item.requested_at)))
  parts.push(`Oldest ${formatDuration(nowMs - oldest)}.`)
  if (stopped) return [...parts, 'The brake is engaged:', 'rejecting works, approving does not.']
  const money = toLeavingText(items)
  // What would follow from one without a stated cost that cannot be explained, nobody knows.
  const complete = total.exact && items.length >= total.count && !items.some((item) => item.cost === null && item.blind)
  if (money === null) return complete ? [...parts, 'No money would leave.'] : parts
  return [...parts, `${complete ? '' : 'At least '}${money} would leave.`]
}

function toLeavingText(items: readonly Waiting[]): string | null {
  const sums = new Map<string, number>()
  for (const { cost } of items) {
    if (cost !== null && cost.amount_minor > 0) sums.set(cost.currency, (sums.get(cost.currency) ?? 0) + cost.amount_minor)
  }
  const texts = [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([currency, minor]) => formatMoney(minor, currency))
  if (texts.length === 0) return null
  return texts.length === 1 ? texts[0]! : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}
