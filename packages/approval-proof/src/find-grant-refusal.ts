import type { Descriptor } from './descriptor.ts'
import { formatMoney } from './format-money.ts'
import type { Payload } from './payload.ts'

/**
 * Why one action may not run on its grant, in words that name the bound, what was asked and what is allowed; null when it may.
 * `payloadBytes` is the size of the payload's text. How many a day and for how much a day is counted by the ledger, not here.
 */
export function findGrantRefusal(payload: Payload, payloadBytes: number, descriptor: Pick<Descriptor, 'grant'> | null): string | null {
  const grant = descriptor?.grant ?? null
  if (grant === null) return 'No grant covers this kind of action: people decide.'
  const bytes = payload.files.reduce((sum, file) => sum + file.size_bytes, payloadBytes)
  if (bytes > grant.max_bytes) {
    return `Payload and files have ${bytes} bytes; the grant allows ${grant.max_bytes} for one action.`
  }
  if (payload.cost === null || payload.cost.amount_minor === 0) return null
  const { amount_minor, currency } = payload.cost
  const asked = formatMoney(amount_minor, currency)
  const allowed = Object.hasOwn(grant.max_cost_minor, currency) ? grant.max_cost_minor[currency]! : null
  if (allowed === null) return `It costs ${asked}; the grant allows no cost in ${currency}.`
  return amount_minor > allowed ? `It costs ${asked}; the grant allows ${formatMoney(allowed, currency)} for one action.` : null
}
