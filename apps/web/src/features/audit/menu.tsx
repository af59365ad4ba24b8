import { useCallback, useEffect, useId, useRef, type ReactNode } from 'react'
import { Icon, type IconName } from '../../shared/icon.tsx'
import './menu.css'

type Props = {
  /** What the button says; `Export`. */
  words: ReactNode
  icon?: IconName
  /** What is said of the panel to whoever does not see it. */
  label: string
  /** In pixels; a narrow window makes it narrower. */
  width?: number
  /** Following a link in it closes it; so does whatever has `data-closes`. */
  children: ReactNode
}

const edge = 8

/** A button with a native popover under it, which closes by itself with Escape and with a click elsewhere. */
export function Menu({ words, icon, label, width = 320, children }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  const place = useCallback(() => {
    const room = document.documentElement.clientWidth
    const wide = Math.min(width, room - 2 * edge)
    // Out of the way first: what stands beside the window makes the window wider than it is.
    Object.assign(panel.current!.style, { width: `${wide}px`, left: '0' })
    const at = button.current!.getBoundingClientRect()
    const left = Math.min(Math.max(edge, at.right - wide), room - wide - edge)
    Object.assign(panel.current!.style, { left: `${left + scrollX}px`, top: `${at.bottom + scrollY + 4}px` })
  }, [width])
  // A window that is turned or zoomed while it is open.
  useEffect(() => {
    const follow = () => panel.current?.matches(':popover-open') && place()
    addEventListener('resize', follow)
    return () => removeEventListener('resize', follow)
  }, [place])
  return (
    <>
      <button className="btn" type="button" popoverTarget={id} ref={button}>
        {icon && <Icon name={icon} />}
        {words}
        <Icon name="chev-d" small />
      </button>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a key on a link or a button inside arrives as a click, too */}
      <div
        className="menu"
        id={id}
        popover="auto"
        role="group"
        aria-label={label}
        ref={panel}
        onClick={(event) => event.target instanceof Element && event.target.closest('a, [data-closes]') && panel.current?.hidePopover()}
        onBeforeToggle={(event) => event.newState === 'open' && place()}
      >
        {children}
      </div>
    </>
  )
}
