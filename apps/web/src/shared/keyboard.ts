/** Keys of the page. Off while typing, off under a dialog, listed by the `?` sheet, and the single-key ones can be switched off. */
import { useEffect, useRef, useSyncExternalStore } from 'react'

export type KeyBinding = {
  /** `j`, `Enter`, `?`, or a sequence like `g n`. */
  keys: string
  /** What it does, for the sheet: `next row`. */
  does: string
  run: () => void
}

type Owner = { bindings: readonly KeyBinding[] }

/** As the sheet shows it. The one key that works while somebody types, under a dialog, and with single keys off: it stops things. */
export const brakeKeys = /Mac|iPhone|iPad/.test(navigator.userAgent) ? 'Cmd Shift .' : 'Ctrl Shift .'

const owners = new Set<Owner>()
const sequenceMs = 1_000
let pending = ''
let pendingTimer: ReturnType<typeof setTimeout> | undefined

const storageKey = 'single-keys'
const preferenceListeners = new Set<() => void>()

function readSingleKeys(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

/** Whether keys without a modifier act (WCAG 2.1.4); remembered per device. */
export function useSingleKeys(): [on: boolean, set: (on: boolean) => void] {
  const on = useSyncExternalStore((listener) => {
    preferenceListeners.add(listener)
    return () => preferenceListeners.delete(listener)
  }, readSingleKeys)
  return [
    on,
    (next) => {
      try {
        localStorage.setItem(storageKey, next ? 'on' : 'off')
      } catch {
        // Without storage the choice lasts as long as the page.
      }
      for (const listener of preferenceListeners) listener()
    },
  ]
}

/** True where a key belongs to what has the focus: fields, editors, and anything inside an open dialog. */
function belongsToTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input, textarea, select, [contenteditable="true"], dialog[open]') !== null
}

function listBindings(): KeyBinding[] {
  return [...owners].toReversed().flatMap((owner) => owner.bindings)
}

function findBinding(keys: string): KeyBinding | undefined {
  return listBindings().find((binding) => binding.keys === keys)
}

function takeKey(event: KeyboardEvent): void {
  // By its place: with Shift the key writes another character in most layouts.
  if ((event.ctrlKey || event.metaKey) && event.shiftKey && !event.altKey && !event.repeat && event.code === 'Period') {
    event.preventDefault()
    findBinding(brakeKeys)?.run()
    return
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (belongsToTyping(event.target) || document.querySelector('dialog[open]') || !readSingleKeys()) return
  // Enter and space on a focused control are that control's own.
  if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary')) return
  const sequence = pending === '' ? event.key : `${pending} ${event.key}`
  clearTimeout(pendingTimer)
  pending = ''
  const found = findBinding(sequence) ?? findBinding(event.key)
  if (found) {
    event.preventDefault()
    found.run()
  } else if (listBindings().some((binding) => binding.keys.startsWith(`${event.key} `))) {
    pending = event.key
    pendingTimer = setTimeout(() => {
      pending = ''
    }, sequenceMs)
  }
}

/** Keys that work while the calling component is mounted; the latest component wins. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const owner = useRef<Owner>({ bindings })
  useEffect(() => {
    owner.current.bindings = bindings
  })
  useEffect(() => {
    const current = owner.current
    if (owners.size === 0) document.addEventListener('keydown', takeKey)
    owners.add(current)
    return () => {
      owners.delete(current)
      if (owners.size === 0) document.removeEventListener('keydown', takeKey)
    }
  }, [])
}

/** Every key that works right now, each once. */
export function listKeys(): { keys: string; does: string }[] {
  const seen = new Map<string, string>()
  for (const owner of [...owners].toReversed()) {
    for (const { keys, does } of owner.bindings) if (!seen.has(keys)) seen.set(keys, does)
  }
  return [...seen].map(([keys, does]) => ({ keys, does }))
}
