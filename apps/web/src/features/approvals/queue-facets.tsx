import { approvalKinds, type ApprovalKind, type WaitingItem } from '@autopack/contract/approvals'
import { riskLevels } from '@autopack/contract/external-actions'
import type { ReactNode } from 'react'
import { Link } from '../../shared/link.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { countFacets, listProviders } from './count-facets.ts'
import { scopes, toQueueSearch, type QueueChoice, type Scope } from './queue-filter.ts'

type Total = { count: number; exact: boolean }
type List = { items: readonly WaitingItem[]; total: Total }

const scopeWords: Record<Scope, string> = { actionable: 'Mine and actionable', open: 'All open', decided: 'Decided' }
const kindWords: Record<ApprovalKind, string> = {
  external_action: 'External action',
  approval_request: 'Executor request',
  governance_request: 'Governance',
}

/** Views and filters with their counts; each is a link to exactly the rows it counts, and without a count where it is not known. */
export function QueueFacets({ choice, lists, shown }: { choice: QueueChoice; lists: Partial<Record<Scope, List>>; shown: readonly WaitingItem[] }) {
  const { scope, kind, risk, provider, q } = choice
  const to = (changed: Partial<QueueChoice>) => `/approvals${toQueueSearch({ ...choice, ...changed })}`
  const whole = lists[scope]
  const counts = countFacets(whole, choice)
  const narrowed = kind !== null || risk !== null || provider !== null || q !== ''
  const providers = listProviders([...(whole?.items ?? []), ...shown], provider)
  return (
    <aside className="pane-l queuefacets" aria-label="Views and filters">
      <ul className="views">
        {scopes.map((each) => (
          <li key={each}>
            <Link to={to({ scope: each })} aria-current={each === scope ? 'page' : undefined}>
              {scopeWords[each]}
              {!narrowed && lists[each] !== undefined && <span className="n tn">{formatTotal(lists[each].total)}</span>}
            </Link>
          </li>
        ))}
      </ul>
      <Facet name="Kind">
        {approvalKinds.map((each) => (
          <Choice key={each} to={to({ kind: kind === each ? null : each })} current={kind === each} count={counts?.kind(each)}>
            {kindWords[each]}
          </Choice>
        ))}
      </Facet>
      <Facet name="Risk">
        {riskLevels.toReversed().map((each) => (
          <Choice key={each} to={to({ risk: risk === each ? null : each })} current={risk === each} count={counts?.risk(each)}>
            <RiskBars level={each} />
          </Choice>
        ))}
      </Facet>
      {providers.length > 0 && (
        <Facet name="Provider">
          {providers.map((each) => (
            <Choice key={each} to={to({ provider: provider === each ? null : each })} current={provider === each} count={counts?.provider(each)}>
              <span className="name" title={each}>
                {each}
              </span>
            </Choice>
          ))}
        </Facet>
      )}
    </aside>
  )
}

function Facet({ name, children }: { name: string; children: ReactNode }) {
  const id = `facet-${name.toLowerCase()}`
  return (
    <>
      <h2 id={id}>{name}</h2>
      <ul className="facet" aria-labelledby={id}>
        {children}
      </ul>
    </>
  )
}

function Choice({ to, current, count, children }: { to: string; current: boolean; count: number | undefined; children: ReactNode }) {
  return (
    <li>
      <Link to={to} replace aria-current={current || undefined}>
        {children}
        {count !== undefined && <span className="n tn">{count}</span>}
      </Link>
    </li>
  )
}
