import type { Operator } from '@autopack/contract/operators'

/** What the console may know of a row. */
export function toOperator({ operator_id, name, role, enabled }: Operator): Operator {
  return { operator_id, name, role, enabled }
}
