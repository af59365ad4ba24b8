import { ApiProblem } from '@autopack/api-client/errors'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { describeProblem } from '../../shared/describe-problem.ts'
import { CheckStopped } from '../../shared/evidence/run-check.ts'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { FileNotRead } from './read-chosen-file.ts'

/** The check came to no verdict: what happened, and what that says about the evidence, which is nothing. */
export function CheckTrouble({ error, count }: { error: unknown; count: number }) {
  return (
    <div className="verdict" data-s="halted">
      <Icon name="halted" />
      <div>
        <p>
          <strong>No verdict.</strong> {toWords(error)}
        </p>
        <p className="muted">{count > 0 ? `${formatCount(count)} events held before that.` : ''} This says nothing about what was to be checked.</p>
      </div>
    </div>
  )
}

function toWords(error: unknown): string {
  const status = error instanceof CheckStopped ? error.status : error instanceof ApiProblem ? error.problem.status : null
  if (status === 403) return 'The whole log leaves only with an admin.'
  if (status === 401) return 'Your session has ended: sign in again and start once more.'
  if (status === 429) return 'The log was read too often just now. Wait a minute and start once more.'
  if (error instanceof CheckStopped) return `It could not be read to its end: ${toAgentWords(error.message)}`
  if (error instanceof FileNotRead) {
    return 'The file could not be read. A folder cannot be checked: choose the file in it. If it was moved or changed since you chose it, choose it again.'
  }
  const { what, todo } = describeProblem(error)
  return `The checkpoints could not be read, and without them a log that was cut or written anew would look right. ${what} ${todo}`
}
