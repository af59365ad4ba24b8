const pattern = /^#token=(aps_[0-9a-f]{64}_[0-9a-f]{8})$/

/** The token in the fragment of a set-up link; `incomplete` when it was cut off or changed on its way; null without one. */
export function readSetUpToken(fragment: string): string | 'incomplete' | null {
  if (fragment === '' || fragment === '#') return null
  return pattern.exec(fragment)?.[1] ?? 'incomplete'
}
