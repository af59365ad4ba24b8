import { useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'

/** `Document | Source`, kept in the address as `?as=source`. */
export function ViewSwitch({ first }: { first: 'Document' | 'Laid out' }) {
  const [search] = useSearchParams()
  const source = search.get('as') === 'source'
  const toSearch = (as: 'source' | null) => {
    const next = new URLSearchParams(search)
    if (as === null) next.delete('as')
    else next.set('as', as)
    next.delete('at')
    return `?${next}`
  }
  return (
    <nav className="viewswitch" aria-label="How the text is shown">
      <Link to={toSearch(null)} replace aria-current={source ? undefined : 'true'}>
        {first}
      </Link>
      <Link to={toSearch('source')} replace aria-current={source ? 'true' : undefined}>
        Source
      </Link>
    </nav>
  )
}
