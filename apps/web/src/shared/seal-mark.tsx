import { Link } from './link.tsx'
import { Icon } from './icon.tsx'

/** The five words of a payload hash: a recognition aid, never cut, never wrapped, last in its row. */
export function SealMark({ seal, to, big }: { seal: string; to?: string; big?: boolean }) {
  const name = big ? 'seal big' : 'seal'
  const inside = (
    <>
      <Icon name="seal" />
      <span>
        <span className="sr">Seal </span>
        {seal}
      </span>
    </>
  )
  return to ? (
    <Link className={name} to={to}>
      {inside}
    </Link>
  ) : (
    <span className={name}>{inside}</span>
  )
}
