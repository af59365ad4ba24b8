import { Icon } from './icon.tsx'

/** What arrived since the list was read; nothing moves until somebody presses it. */
export function NewPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <span aria-live="polite">
      {count > 0 && (
        <button className="newpill" type="button" onClick={onShow}>
          <Icon name="arrow-u" small />
          {count} new
        </button>
      )}
    </span>
  )
}
