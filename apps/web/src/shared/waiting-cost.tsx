import type { WaitingItem } from '@autopack/contract/approvals'
import { Cost } from './cost.tsx'

/** What would leave. A governance request changes files alone; what an executor does after its own request, nobody here knows. */
export function WaitingCost({ item }: { item: WaitingItem }) {
  if (item.kind === 'external_action') return <Cost action={item.action} />
  return <span className="muted">{item.kind === 'governance_request' ? 'nothing' : 'not known'}</span>
}
