import { useQuery } from '@tanstack/react-query'
import { Link } from '../shared/link.tsx'
import { Icon } from '../shared/icon.tsx'
import { useSession } from '../shared/session.ts'
import { statusQuery } from '../shared/status-queries.ts'
import { toBrakeAddress } from './to-brake-address.ts'

/** Last in the top bar of every page, never disabled: outlined, and filled while something is stopped. */
export function BrakeLink() {
  const { operator } = useSession()
  const { data } = useQuery(statusQuery)
  const all = data?.control.brake_engaged === true
  const parts = data?.control.brakes.length ?? 0
  return (
    <Link className={all || parts > 0 ? 'btn stop solid brakebtn' : 'btn stop brakebtn'} to={toBrakeAddress(operator.role, data?.control)}>
      <Icon name="brake" />
      <span>{all ? 'Stopped' : 'Brake'}</span>
      {!all && parts > 0 && <span className="sr">, {parts === 1 ? 'one part is stopped' : `${parts} parts are stopped`}</span>}
    </Link>
  )
}
