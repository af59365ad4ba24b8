import { useQuery } from '@tanstack/react-query'
import { Link } from '../shared/link.tsx'
import { Icon } from '../shared/icon.tsx'
import { statusQuery } from '../shared/status-queries.ts'
import { describeDeployment } from './describe-deployment.ts'
import { describeEvidence } from './describe-evidence.ts'

/** What is special about this deployment, over every page: what is wrong with its evidence, what is stopped, and what the demo turned off. */
export function DeploymentStrip() {
  const { data } = useQuery(statusQuery)
  if (!data) return null
  const evidence = describeEvidence(data.audit)
  const words = describeDeployment(data)
  return (
    <>
      {evidence !== null && (
        <p className="demostrip" data-s="failed">
          <Icon name="failed" small />
          <span>
            <b>{evidence.title}:</b> {evidence.text} <Link to="/audit">What that means</Link>
          </span>
        </p>
      )}
      {words !== null && (
        <p className="demostrip" data-s={words.stopped ? 'failed' : undefined}>
          <Icon name={words.stopped ? 'halted' : 'info'} small />
          <span>
            <b>{words.title}:</b> {words.text} {words.stopped && <Link to="/brake">Who and why</Link>}
          </span>
        </p>
      )}
    </>
  )
}
