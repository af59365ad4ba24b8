import type { AcceptanceSetup } from './acceptance-setup.ts'
import type { BrowserPerson } from './browser-person.ts'
import type { OwnerDatabase } from './owner-database.ts'

/** Section 4: the process that knows who is signed in dies under somebody who is typing. */
export async function acceptKilledBff(setup: AcceptanceSetup, database: OwnerDatabase, approver: BrowserPerson): Promise<void> {
  const { report, console: console_, workspace } = setup
  const { action_id } = await setup.visitors.approver.nextProposal(workspace.name)
  const typed = `typed before the BFF died: ${workspace.sentence}`
  await approver.openAction(action_id)
  await approver.typeReason(typed)
  // A reload would forget it.
  await approver.page.evaluate('globalThis.thisVeryPage = true')
  console_.signal('bff', 'SIGKILL')
  const ended = await console_.ended()
  report.check('4', ended !== 0, 'the BFF is killed: npm start notices and ends with a failure', ended)
  // A session outlives its process, because it is a row: so that there is something to sign in to, the row goes too.
  await database.tamper('DELETE FROM bff.session')
  await console_.start()

  const { page } = approver
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await dialog.waitFor({ timeout: 60_000 })
  await dialog.getByLabel('Password', { exact: true }).fill(console_.password('approver'))
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await dialog.waitFor({ state: 'hidden' })
  const inPlace = page.url().endsWith(`/approvals/${action_id}`) && (await page.evaluate('globalThis.thisVeryPage')) === true
  report.check('4', inPlace, 'the operator signs back in on the same page, without a reload', page.url())
  const kept = await page.getByLabel('Reason for approving').inputValue()
  report.check('4', kept === typed, 'and loses no typed text', { kept, typed })
  const decided = await approver.pressApprove(action_id)
  const { decisions } = await setup.visitors.approver.action(action_id)
  report.check('4', decided.status === 200 && decisions[0]?.reason === typed, 'the decision is then made with exactly that text', {
    decided,
    decisions,
  })
}
