/** Somebody may be looking at this page: visible, in front, and with no dialog over it. */
export function isAttended(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && document.querySelector('dialog[open]') === null
}
