import { Link } from '../../shared/link.tsx'
import { quickFilters, toAuditAddress } from './audit-address.ts'

/** Each writes its query into the field, where it can be read and changed. */
export function QuickFilters({ query }: { query: string }) {
  return (
    <nav className="segctl" aria-label="Queries people come back for">
      {quickFilters.map((filter) => (
        <Link key={filter.name} to={toAuditAddress(filter.query)} aria-current={filter.query === query ? 'true' : undefined}>
          {filter.name}
        </Link>
      ))}
    </nav>
  )
}
