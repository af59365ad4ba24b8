import { Icon } from './icon.tsx'

/** Rows that arrived, or an order that changed, wait here until the operator wants them. */
export function NewPill({ count, moved = false, onShow }: { count: number; moved?: boolean; onShow: () => void }) {
  return (
    <span aria-live="polite">
      {(count > 0 || moved) && (
        <button className="newpill" type="button" onClick={onShow}>
          <Icon name="arrow-u" small />
          {count > 0 ? `${count} new` : 'Order changed'}
        </button>
      )}
    </span>
  )
}
