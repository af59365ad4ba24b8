import { useQuery } from '@tanstack/react-query'
import { Link } from '../shared/link.tsx'
import { Icon } from '../shared/icon.tsx'
import { statusQuery } from '../shared/status-queries.ts'
import { describeDeployment } from './describe-deployment.ts'

/** What is special about this deployment, over every page: the demo says which safeties it turned off. */
export function DeploymentStrip() {
  const { data } = useQuery(statusQuery)
  const words = data && describeDeployment(data)
  if (!words) return null
  return (
    <p className="demostrip" data-s={words.stopped ? 'failed' : undefined}>
      <Icon name={words.stopped ? 'halted' : 'info'} small />
      <span>
        <b>{words.title}:</b> {words.text} {words.stopped && <Link to="/brake">Who and why</Link>}
      </span>
    </p>
  )
}
