import type { Session } from '@autopack/contract/auth'
import { createContext, useContext } from 'react'

export const SessionContext = createContext<Session | null>(null)

/** Who is signed in. Everything inside the gate has a session; the last one while somebody signs in again over the page. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession outside the session gate')
  return session
}
