import type { WaitingItem } from '@autopack/contract/approvals'
import type { ControlInForce } from '@autopack/contract/control'
import { formatTotal } from '../../shared/format-count.ts'
import { isBraked } from '../../shared/is-braked.ts'
import { toSubject } from '../../shared/waiting-item.ts'

type Total = { count: number; exact: boolean }

/** How much is open and how much of it is this person's. What a brake keeps from being approved needs nobody. */
export function toQueueWords(
  open: Total,
  mine: { items: readonly WaitingItem[]; total: Total },
  control: Pick<ControlInForce, 'brake_engaged' | 'brakes'> | undefined,
): string {
  const all = `${formatTotal(open)} open`
  const yours = formatTotal(mine.total)
  if (control?.brake_engaged && open.count > 0) return `${all}, ${yours} yours; none can be approved while the brake is engaged`
  const braked = mine.items.filter((item) => isBraked(toSubject(item), control)).length
  if (braked > 0) return `${all}, ${yours} yours; ${braked} of them cannot be approved under a brake`
  return `${all}, ${yours} ${mine.total.count === 1 ? 'needs' : 'need'} you`
}
