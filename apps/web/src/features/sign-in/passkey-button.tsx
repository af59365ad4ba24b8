import type { Session } from '@autopack/contract/auth'
import { Icon } from '../../shared/icon.tsx'
import { findOwnPasskeyObstacle } from '../../shared/passkeys/find-passkey-obstacle.ts'
import { usePasskeySignIn } from './use-passkey-sign-in.ts'
import { describePasskeySignInFailure } from './passkey-sign-in-words.ts'
import type { SignInRefusal } from './sign-in-words.ts'

type Props = { waiting: boolean; onSignedIn: (session: Session) => void; onBegin: () => void; onRefused: (refusal: SignInRefusal) => void }

/** Beside name and password; where the browser has no passkeys here it keeps its place and says why. */
export function PasskeyButton({ waiting, onSignedIn, onBegin, onRefused }: Props) {
  const obstacle = findOwnPasskeyObstacle()
  const signIn = usePasskeySignIn(onSignedIn, (error) => onRefused(describePasskeySignInFailure(error)))
  return (
    <div className="signin-passkey">
      <button
        className="btn lg wide"
        type="button"
        aria-disabled={obstacle !== null || waiting || signIn.isPending}
        aria-describedby={obstacle === null ? undefined : 'passkey-obstacle'}
        onClick={() => {
          if (obstacle !== null || waiting || signIn.isPending) return
          onBegin()
          signIn.mutate()
        }}
      >
        <Icon name="passkey" />
        <span>{signIn.isPending ? 'Waiting for the passkey' : 'Use a passkey'}</span>
      </button>
      {obstacle !== null && (
        <p className="hint" id="passkey-obstacle">
          {obstacle}
        </p>
      )}
    </div>
  )
}
