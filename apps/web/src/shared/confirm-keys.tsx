import { Icon } from './icon.tsx'

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The key caps of “Command or Control and Enter”, as icons because the font has no such signs. */
export function ConfirmKeys() {
  return (
    <span className="keys" aria-hidden="true">
      <kbd className="kbd">{isApple ? <Icon name="cmd" /> : 'Ctrl'}</kbd>
      <kbd className="kbd">
        <Icon name="enter" />
      </kbd>
    </span>
  )
}
