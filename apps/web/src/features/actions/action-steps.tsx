import type { ExternalAction } from '@autopack/contract/external-actions'
import { AgentText } from '../../shared/agent-text.tsx'
import { Time } from '../../shared/time.tsx'
import { listSteps } from './list-steps.ts'
import './action-steps.css'

/** What happened, oldest first. */
export function ActionSteps({ action }: { action: ExternalAction }) {
  return (
    <ol className="steps">
      {listSteps(action).map((step) => (
        <li key={step.key} data-tone={step.tone}>
          <AgentText text={step.words} />
          {step.at !== null && <Time at={step.at} form="short" />}
        </li>
      ))}
    </ol>
  )
}
