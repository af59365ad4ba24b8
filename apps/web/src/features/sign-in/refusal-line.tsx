import { formatDuration } from '../../shared/format-duration.ts'
import { Icon } from '../../shared/icon.tsx'
import type { SignInRefusal } from './sign-in-words.ts'

/** Why it was refused, and how long to wait; keeps its place while there is nothing to say. */
export function RefusalLine({ id, refusal, waitMs }: { id: string; refusal: SignInRefusal | undefined; waitMs: number }) {
  return (
    <div className="refusal" role="alert">
      {refusal && (
        <p className="err" id={id}>
          <Icon name="failed" small />
          <span>
            {refusal.words}
            {waitMs > 0 && <span className="tn"> Try again in {formatDuration(Math.max(1_000, waitMs))}.</span>}
            {refusal.waitSeconds > 0 && waitMs <= 0 && ' You can try again now.'}
          </span>
        </p>
      )}
    </div>
  )
}
