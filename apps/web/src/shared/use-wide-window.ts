import { useSyncExternalStore } from 'react'

const wide = typeof matchMedia === 'undefined' ? null : matchMedia('(min-width: 1280px)')

function subscribe(listener: () => void): () => void {
  wide?.addEventListener('change', listener)
  return () => wide?.removeEventListener('change', listener)
}

/** Whether there is room for a third pane; without it nothing is read for a pane that nobody sees. */
export function useWideWindow(): boolean {
  return useSyncExternalStore(subscribe, () => wide?.matches ?? false)
}
