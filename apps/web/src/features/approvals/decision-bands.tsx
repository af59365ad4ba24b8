import { Icon } from '../../shared/icon.tsx'
import { CoverageTicks } from './coverage-ticks.tsx'
import type { Proposal } from './read-proposal.ts'
import './decision-bands.css'

/** The whole width says it when the bytes and the server disagree, or when not everything can be explained. */
export function DecisionBands({ proposal }: { proposal: Proposal }) {
  if (proposal.differences.length > 0) return <DifferenceBand proposal={proposal} />
  return proposal.rendered?.blind ? <BlindBand proposal={proposal} /> : null
}

function DifferenceBand({ proposal }: { proposal: Proposal }) {
  return (
    <div className="blindband" role="alert">
      <div className="blindband-in">
        <Icon name="failed" />
        <div>
          <p className="blind-t">{proposal.differences[0]}</p>
          {proposal.differences.slice(1).map((difference) => (
            <p key={difference}>{difference}</p>
          ))}
          <p>Nothing can be approved here. The text below is what these bytes say. {proposal.unreadable}</p>
        </div>
      </div>
    </div>
  )
}

function BlindBand({ proposal }: { proposal: Proposal }) {
  const { coverage } = proposal.rendered!
  const unexplained = coverage.present - coverage.explained
  const title =
    unexplained === 0 ? 'Blind: the sentence cannot be completed.' : `Blind: ${unexplained} of ${coverage.present} fields cannot be explained.`
  return (
    <div className="blindband" role="status">
      <div className="blindband-in">
        <Icon name="blind" />
        <div>
          <p className="blind-t">{title}</p>
          <p>
            {unexplained > 0 && 'They would be sent all the same. '}
            {coverage.explained === 0
              ? 'Nobody has described this kind of action; nothing below is understood by the console.'
              : `The sentence below describes the other ${coverage.explained} only.`}
            {coverage.missing.length > 0 && ` Not given: ${coverage.missing.join(', ')}.`}
          </p>
        </div>
        <CoverageTicks rendered={proposal.rendered!} />
      </div>
    </div>
  )
}
