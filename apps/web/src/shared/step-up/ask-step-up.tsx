/**
 * The dialog as a question: asked from wherever an act is sent, over whatever is open, without the page knowing. It has a root of its own, so
 * that what was typed below it is not drawn again.
 */
import type { SignedAct } from '@autopack/contract/webauthn'
import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { ownPasskeysQuery } from '../passkeys/own-passkeys-query.ts'
import { queryClient } from '../query-client.ts'
import { serverNowMs } from '../server-clock.ts'
import { sessionQuery } from '../session-queries.ts'
import { findNeed as findNeedOf, type Need } from './find-need.ts'
import type { SignableAct } from './signable-act.ts'
import { StepUpDialog } from './step-up-dialog.tsx'
import { StepUpStopped } from './step-up-stopped.ts'

/** What the next act of this person needs, as far as this page knows; null: nothing, or not known, and then the server says. */
export async function findNeed(): Promise<Need | null> {
  const session = queryClient.getQueryData(sessionQuery.queryKey)
  if (!session) return null
  const own = await queryClient.query({ ...ownPasskeysQuery, staleTime: 5_000 }).catch(() => null)
  if (own === null) return null
  return findNeedOf({
    controlStepUp: own.control_step_up,
    passkeyCount: own.items.length,
    authenticatedAtMs: Date.parse(session.authenticated_at),
    nowMs: serverNowMs(),
  })
}

/** The signature; undefined: the password was typed again. Throws StepUpStopped when the person closes the dialog. */
export function askStepUp(act: SignableAct, words: string, need: Need): Promise<SignedAct | undefined> {
  const session = queryClient.getQueryData(sessionQuery.queryKey)
  if (!session) return Promise.reject(new StepUpStopped('Nobody is signed in.', 'Sign in again, then do it once more.'))
  return new Promise((resolve, reject) => {
    const place = document.body.appendChild(document.createElement('div'))
    const root = createRoot(place)
    const end = () => {
      root.unmount()
      place.remove()
    }
    root.render(
      <QueryClientProvider client={queryClient}>
        <StepUpDialog
          act={act}
          words={words}
          need={need}
          operator={session.operator}
          onSigned={(signature) => {
            end()
            resolve(signature)
          }}
          onPassword={() => {
            end()
            resolve(undefined)
          }}
          onClose={() => {
            end()
            reject(new StepUpStopped('Nothing was sent: you did not confirm that it is you.', 'What you typed is still here.'))
          }}
        />
      </QueryClientProvider>,
    )
  })
}
