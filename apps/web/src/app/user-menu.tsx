import { useMutation } from '@tanstack/react-query'
import { Link } from '../shared/link.tsx'
import { useRef } from 'react'
import { useSession } from '../shared/session.ts'
import { signOutMutation } from '../shared/session-queries.ts'

const roleWords = { viewer: 'viewer: reads', approver: 'approver: reads and decides', admin: 'admin: everything' }

/** A native popover: closes with Escape and with a click elsewhere, by itself. */
export function UserMenu() {
  const { operator } = useSession()
  const menu = useRef<HTMLDivElement>(null)
  const signOut = useMutation({
    ...signOutMutation,
    // A new document: nothing that was read stays in memory.
    onSuccess: () => window.location.assign('/sign-in'),
  })
  return (
    <>
      <button
        className="avatar"
        type="button"
        popoverTarget="user-menu"
        aria-label={`${initials(operator.name)}: ${operator.name}, ${operator.role}, menu`}
      >
        {initials(operator.name)}
      </button>
      <div className="usermenu" id="user-menu" popover="auto" ref={menu}>
        <p>
          <b dir="auto">{operator.name}</b>
          <span className="muted">{roleWords[operator.role]}</span>
        </p>
        <Link to="/settings/me" onClick={() => menu.current?.hidePopover()}>
          Your settings
        </Link>
        <button type="button" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </button>
        {signOut.isError && (
          <p className="err" role="alert">
            Not signed out: the console did not answer.
          </p>
        )}
      </div>
    </>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/u)
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!].map((word) => [...word][0] ?? '') : [...(words[0] ?? '')].slice(0, 2)
  return letters.join('').toUpperCase()
}
