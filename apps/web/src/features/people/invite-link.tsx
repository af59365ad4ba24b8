import { Time } from '../../shared/time.tsx'
import { ShownOnce } from '../../shared/settings/shown-once.tsx'

/** The link that lets one person in: whoever has it chooses the password. */
export function InviteLink({ name, issued, onClose }: { name: string; issued: { secret: string; expires_at: string }; onClose: () => void }) {
  return (
    <ShownOnce title={`The link for ${name}`} what="the link" secret={`${location.origin}/invite#token=${issued.secret}`} onClose={onClose}>
      <p className="muted">
        Good until <Time at={issued.expires_at} form="clock" />, once. Whoever opens it chooses the password of this person: hand it over in a way
        that you trust.
      </p>
    </ShownOnce>
  )
}
