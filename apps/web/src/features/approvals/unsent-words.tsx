import { AgentText } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import type { Refusal } from '../../shared/ledger/refusal-words.ts'

/** Once it is over: why what this person said did not count and what they can do, and what they had typed, so that none of it is lost. */
export function UnsentWords({ refusal, unsent }: { refusal: Pick<Refusal, 'title' | 'what' | 'todo'> | null; unsent: string }) {
  return (
    <>
      {refusal !== null && (
        <span role="alert">
          <b>{refusal.title}.</b> {refusal.what} {refusal.todo}{' '}
        </span>
      )}
      {unsent.trim() !== '' && (
        <>
          Not sent:{' '}
          <q>
            <AgentText text={unsent} />
          </q>{' '}
          <CopyButton text={unsent} label="Copy what you had typed" />
        </>
      )}
    </>
  )
}
