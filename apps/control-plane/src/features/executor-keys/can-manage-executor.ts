import type { executorActs } from '@autopack/contract/executors'
import type { keyActs } from '@autopack/contract/executor-keys'
import type { OperatorPrincipal } from '../../shared/principal.ts'

type Act = (typeof executorActs)[number] | (typeof keyActs)[number]
type Asking = Pick<OperatorPrincipal, 'operatorId' | 'role'>

/** Null: they may; otherwise why not. Owners look after what they have; what gives an executor more is an admin's. */
export function whyNotManage(act: Act, asking: Asking, executor: { owner_operator_id: string }): string | null {
  if (asking.role === 'admin') return null
  if (act === 'transfer') return 'An admin hands an executor to somebody else.'
  if (act === 'create_key') return 'An admin creates keys; the owner may replace one.'
  return executor.owner_operator_id === asking.operatorId ? null : 'Its owner or an admin may do this.'
}
