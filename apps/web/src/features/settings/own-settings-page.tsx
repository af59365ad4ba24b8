import { useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { useSession } from '../../shared/session.ts'
import { Time } from '../../shared/time.tsx'
import { OwnPasskeys } from './own-passkeys.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { PasswordForm } from './password-form.tsx'
import { PageChoices } from './page-choices.tsx'
import { roleMeanings } from '../../shared/role-words.ts'
import { SettingsFrame } from '../../shared/settings/settings-frame.tsx'
import './own-settings-page.css'

/** `/settings/me`: who you are here, your passkeys, your password, your sessions, and how the console looks on this device. */
export function OwnSettingsPage() {
  const session = useSession()
  const [search] = useSearchParams()
  const { operator } = session
  return (
    <SettingsFrame title="Your settings">
      {search.has('welcome') && (
        <div className="banner" role="status">
          <p>
            <strong>You are in.</strong> Make a passkey now, while the time for the first one runs; with it you sign in without the password.
          </p>
          <span className="end">
            <Link className="btn" to="/" replace>
              Later
            </Link>
          </span>
        </div>
      )}
      <div className="settings">
        <section aria-labelledby="you-title">
          <h2 id="you-title">You</h2>
          <dl className="kv">
            <dt>Name</dt>
            <dd>
              <b dir="auto">{operator.name}</b>
            </dd>
            <dt>Role</dt>
            <dd>
              {operator.role} <span className="muted">{roleMeanings[operator.role]}</span>
            </dd>
            <dt>Id</dt>
            <dd className="mono">{operator.operator_id}</dd>
            <dt>Signed in</dt>
            <dd>
              <Time at={session.signed_in_at} />, {toMethodWords(session.methods)}
              <span className="dot" />
              <span className="muted">
                ends <Time at={session.expires_at} form="clock" /> at the latest
              </span>
            </dd>
          </dl>
        </section>
        <section aria-labelledby="passkeys-title">
          <h2 id="passkeys-title">Passkeys</h2>
          <OwnPasskeys />
        </section>
        <section aria-labelledby="sessions-title">
          <h2 id="sessions-title">Where you are signed in</h2>
          <OwnSessions />
        </section>
        <section aria-labelledby="password-title">
          <h2 id="password-title">Password</h2>
          <PasswordForm name={operator.name} />
        </section>
        <section aria-labelledby="choices-title">
          <h2 id="choices-title">This device</h2>
          <PageChoices />
        </section>
      </div>
    </SettingsFrame>
  )
}

function toMethodWords(methods: readonly ('pwd' | 'hwk')[]): string {
  const words = { pwd: 'with a password', hwk: 'with a passkey' }
  return methods.map((method) => words[method]).join(' and ')
}
