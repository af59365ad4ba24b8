import type { Browser, Page, Request, Response } from '@playwright/test'
import type { AnswerBook } from './answer-book.ts'
import type { ConsoleUnderTest, RoleName } from './console-under-test.ts'
import { waitUntil } from './wait-until.ts'

/** A person in front of a browser of their own. Everything the browser gets is written into the book. */
export type BrowserPerson = {
  page: Page
  /** Whether these words are on the page within 20 s; otherwise what is there instead. */
  reads: (words: string) => Promise<{ found: boolean; text: string }>
  openAction: (actionId: string) => Promise<void>
  typeReason: (reason: string) => Promise<void>
  /** Presses Approve once it may be pressed; answers with what the decision was answered with. `meanwhile` happens while the page is open. */
  approve: (actionId: string, reason: string, meanwhile?: () => Promise<unknown>) => Promise<Decided>
  /** The same on the page as it stands open, with what is typed there. */
  pressApprove: (actionId: string) => Promise<Decided>
  reject: (actionId: string, reason: string) => Promise<void>
  /** Does everything up to pressing Approve and keeps the request from leaving: its body, as the page built it. */
  takeDecisionBody: (actionId: string, reason: string) => Promise<string>
}

const patienceMs = 30_000

export type Decided = { status: number; code: string | null }

export async function openPerson(browser: Browser, book: AnswerBook, console_: ConsoleUnderTest, name: RoleName): Promise<BrowserPerson> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1440, height: 1000 } })
  context.setDefaultTimeout(patienceMs)
  context.on('response', (response) => {
    const from = `browser ${response.request().method()} ${response.url()}`
    // An event stream ends only with its page; the crawl reads one.
    if (response.headers()['content-type']?.includes('event-stream')) return
    void record(book, from, response).catch(() => undefined)
  })
  const page = await context.newPage()
  await page.goto(`${console_.origin}/sign-in`)
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(console_.password(name))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))

  const openAction = async (actionId: string) => {
    for (let attempt = 1; ; attempt += 1) {
      await page.goto(`${console_.origin}/approvals/${actionId}`)
      const field = page.getByLabel('Reason for approving')
      const shown = await field.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      )
      if (shown) return
      // What a person does when a busy machine shows an error: load it again.
      if (attempt === 3) throw new Error(`${actionId} cannot be decided; the page says:\n${await page.locator('body').innerText()}`)
    }
  }
  const typeReason = (reason: string) => page.getByLabel('Reason for approving').fill(reason)
  const press = async () => {
    const button = page.getByRole('button', { name: /^Approve/ })
    await waitUntil('the approve button to be armed', patienceMs, async () => (await button.getAttribute('aria-disabled')) === 'false', 50)
    let sent = false
    const note = (request: Request) => void (request.url().endsWith('/decision') && (sent = true))
    page.on('request', note)
    await button.click()
    // Whoever signed in too long ago, and has no passkey, types the password again.
    const again = page.getByRole('dialog', { name: /with your password/ })
    await waitUntil('a decision, or the password to be asked for', patienceMs, async () => sent || (await again.isVisible()), 50)
    page.off('request', note)
    if (sent) return
    await again.getByLabel(/^Password of/).fill(console_.password(name))
    await again.getByRole('button', { name: /^Confirm/ }).click()
  }
  const waitForDecision = (actionId: string) =>
    page.waitForResponse((response) => response.url().endsWith(`/${actionId}/decision`), { timeout: 2 * patienceMs })
  const pressApprove = async (actionId: string): Promise<Decided> => {
    const [response] = await Promise.all([waitForDecision(actionId), press()])
    const code = response.ok() ? null : (((await response.json()) as { code?: string }).code ?? '')
    return { status: response.status(), code }
  }
  return {
    page,
    async reads(words) {
      let text = ''
      const see = async () => (text = await page.locator('main').innerText()).includes(words)
      const found = await waitUntil('the words', 20_000, see).catch(() => false)
      return { found, text: text.slice(0, 2_000) }
    },
    openAction,
    typeReason,
    pressApprove,
    async approve(actionId, reason, meanwhile) {
      await openAction(actionId)
      await typeReason(reason)
      await meanwhile?.()
      return pressApprove(actionId)
    },
    async reject(actionId, reason) {
      await openAction(actionId)
      await page.getByRole('button', { name: /^Reject/ }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: /Never/ }).check()
      await dialog.getByLabel('Reason').fill(reason)
      const [response] = await Promise.all([waitForDecision(actionId), dialog.getByRole('button', { name: /^Reject/ }).click()])
      const status = response.status()
      if (status !== 200) throw new Error(`the rejection was answered with ${status}`)
    },
    async takeDecisionBody(actionId, reason) {
      await openAction(actionId)
      await typeReason(reason)
      const address = `**/${actionId}/decision`
      let taken: string | null = null
      await page.route(address, async (route) => {
        taken = route.request().postData()
        await route.abort()
      })
      await press()
      const body = await waitUntil('the page to send its decision', patienceMs, () => taken)
      await page.unroute(address)
      return body
    },
  }
}

/** A redirect and an aborted request have no body: there is nothing to record. */
async function record(book: AnswerBook, from: string, response: Response): Promise<void> {
  const [bytes, headers] = await Promise.all([response.body(), response.allHeaders()])
  book.record(from, bytes)
  book.record(`${from} (headers)`, JSON.stringify(headers))
}
