import type { Page } from '@playwright/test'

/**
 * A press on a button that is armed is no accident. Accidents are pressed right after the page came, changed, or got the focus back; on a
 * slow machine one may arrive when a person could have meant it. Such a press is held back and counted, but only when the page has had the
 * time that the arming rule promises: an earlier one goes through, and whatever it does is in the ledger.
 */
const watchLateClicks = `
window.disturbedAt = 0
window.promisedMs = 1000
window.lateClicks = 0
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button.sign') : null
  if (button === null || button.getAttribute('aria-disabled') === 'true') return
  if (performance.now() - window.disturbedAt < window.promisedMs) return
  window.lateClicks += 1
  event.preventDefault()
  event.stopImmediatePropagation()
}, true)
// What the browser reports while another window has the focus; the page stays visible, or each time would cost it its stream of events.
window.attention = (here) => {
  document.hasFocus = () => here
  window.dispatchEvent(new Event(here ? 'focus' : 'blur'))
  window.disturbedAt = performance.now()
}`

export async function holdBackLateClicks(page: Page): Promise<void> {
  await page.addInitScript(watchLateClicks)
}

/** Another window takes the focus, or it comes back: from that moment on the page has to arm anew. */
export async function setAttention(page: Page, here: boolean): Promise<void> {
  await page.evaluate(`window.attention(${here})`)
}

/** The thing on screen changes now: it arms again three seconds later at the earliest. */
export async function expectChange(page: Page): Promise<void> {
  await page.evaluate('window.disturbedAt = performance.now(); window.promisedMs = 3000')
}

export async function countLateClicks(page: Page): Promise<number> {
  return (await page.evaluate('window.lateClicks')) as number
}
