/** Stopping and letting go: from the top bar, by the keyboard, in parts, and without a line of script. On a console of its own. */
import { expect } from '@playwright/test'
import { test } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'

const ugly = `Prices look wrong \u202egnp.exe <script>alert(1)</script> ${'unbreakable'.repeat(20)}`

test.afterEach(async ({ own }) => own.releaseAll())

test('two acts stop everything from any page, by the keyboard alone; what cannot be recalled is named and leads to its row', async ({
  browser,
  own,
}) => {
  const executing = await own.propose('Already on its way')
  await own.approveAndClaim(executing)
  const page = await own.openPage(browser, 'approver')
  await page.goto('/runs')
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  const bar = page.getByRole('banner').getByRole('link', { name: 'Brake' })
  await expect(bar).not.toHaveClass(/solid/)

  await page.keyboard.press('Control+Shift+Period')
  const dialog = page.getByRole('dialog', { name: 'Stop everything' })
  await expect(dialog.getByLabel('Why')).toBeFocused()
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { level: 1, name: 'Everything is stopped.' })).toBeVisible()
  const answer = page.getByRole('status', { name: 'What the stop came to' })
  await expect(answer).toContainText('1 cannot be recalled:')
  await expect(answer.getByRole('link', { name: /Already on its way/ })).toHaveAttribute('href', `/actions/${executing}`)
  await expect(page.getByRole('banner').getByRole('link', { name: 'Stopped' })).toHaveClass(/solid/)
  const control = await own.control()
  expect(control.brake_engaged).toBe(true)
  expect(control.brakes[0]).toMatchObject({
    scope: { kind: 'all', id: '' },
    engaged_by: { name: 'approver' },
    engaged_reason: 'Something looks wrong',
  })

  // Every page says so, and what only an admin may is there, and says who may.
  await page.goto('/')
  await expect(page.getByText('no approved action can be taken, by anybody.')).toBeVisible()
  await page.goto('/brake')
  await expect(page.getByRole('button', { name: 'Release everything…' })).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByText('releasing needs an admin; you are approver')).toBeVisible()
  await page.context().close()
})

test('a release is deliberate: an admin, a reason nobody wrote in advance, and a tick; the history keeps both ends', async ({ browser, own }) => {
  await own.ask('approver', '/api/control/brake', { scope: { kind: 'all', id: '' }, reason: ugly })
  const page = await own.openPage(browser, 'admin')
  await page.goto('/brake')
  await page.getByRole('button', { name: 'Release everything…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Release everything' })
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByRole('button', { name: 'Release: say why first' })).toBeVisible()
  await dialog.getByLabel('Why it may go on').fill('The price list was old.')
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByRole('button', { name: 'Release: tick the box first' })).toBeVisible()
  expect((await own.control()).brake_engaged).toBe(true)
  await dialog.getByRole('checkbox').check()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing is stopped.' })).toBeVisible()
  const history = page.getByRole('region', { name: 'History' })
  await expect(history.getByText('The price list was old.')).toBeVisible()
  await expect(history.getByText(/U\+202E/).first()).toBeVisible()
  expect((await own.control()).brake_engaged).toBe(false)
  await page.context().close()
})

test('one part is stopped from its row, and a run by the address its page may link to', async ({ browser, own }) => {
  await own.propose('Waits for a person')
  const page = await own.openPage(browser, 'approver')
  await page.goto('/brake')
  await page.getByRole('link', { name: 'Stop provider demo_shop…' }).click()
  await page.getByRole('dialog', { name: 'Stop provider demo_shop' }).getByRole('button', { name: 'Wrong content or price' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'One part is stopped.' })).toBeVisible()
  await expect(page.getByText('demo_shop: no approved action there can be taken.')).toBeVisible()

  const runs = (await own.ask('approver', '/api/runs')) as { items: { run_id: string; name: string }[] }
  const run = runs.items[0]!
  await page.goto(`/brake?scope=run:${encodeURIComponent(run.run_id)}`)
  await expect(page.getByRole('dialog', { name: `Stop run ${run.name}` })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: '2 parts are stopped.' })).toBeVisible()
  const control = await own.control()
  expect(control.brake_engaged).toBe(false)
  expect(control.brakes.map(({ scope, engaged_reason }) => [scope.kind, scope.id, engaged_reason])).toEqual([
    ['provider', 'demo_shop', 'Wrong content or price'],
    ['run', run.run_id, 'Something looks wrong'],
  ])
  await page.context().close()
})

test('a viewer sees what is stopped and who may stop, and nothing they press changes anything', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'viewer')
  await page.goto('/brake?scope=all')
  const dialog = page.getByRole('dialog', { name: 'Stop everything' })
  await expect(dialog.getByText('Stopping needs an approver or an admin; you are viewer.')).toBeVisible()
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Stop everything' }).click({ force: true })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect((await own.control()).brakes).toEqual([])
  await page.context().close()
})

test('a stop is tried while the stream is gone, and without an answer the page says that nobody knows and what to do', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  await page.route('**/api/events', (route) => route.abort())
  await page.goto('/brake')
  // What says so stands above everything and moves it once: a click in that very moment meets nothing.
  await expect(page.getByText('Approving is off until the stream is back')).toBeVisible()
  await page.getByRole('link', { name: 'Stop everything' }).click()
  await page.route('**/api/control/brake', (route) => route.abort())
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Stop everything' })
  await expect(dialog.getByRole('alert')).toContainText('It is not known to be stopped.')
  await expect(dialog.getByRole('link', { name: 'the page without scripts' })).toBeVisible()
  await page.unroute('**/api/control/brake')
  await dialog.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Everything is stopped.' })).toBeVisible()
  await page.context().close()
})

test('without scripts the plain page stops everything, names what cannot be recalled, and lets an admin release', async ({ browser, own }) => {
  const executing = await own.propose('Left before the stop')
  await own.approveAndClaim(executing)
  const page = await own.openPage(browser, 'admin', { javaScriptEnabled: false })
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto('/')
  await page.getByRole('link', { name: 'the brake without scripts' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing is stopped.' })).toBeVisible()
  await page.getByLabel('Why').first().fill(ugly)
  await page.getByRole('button', { name: 'Stop everything' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Everything is stopped.' })).toBeVisible()
  await expect(page.getByRole('link', { name: /Left before the stop/ })).toHaveAttribute('href', `/actions/${executing}`)
  expect((await own.control()).brakes[0]).toMatchObject({ scope: { kind: 'all' }, engaged_reason: ugly })

  await page.getByRole('link', { name: 'Back to the brake' }).click()
  await page.getByText('Release…').click()
  await page.getByLabel('Why it may go on').fill('Looked at it.')
  await page.getByLabel('Approved actions may leave again').check()
  await page.getByRole('button', { name: 'Release', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Everything is released.' })).toBeVisible()
  expect((await own.control()).brakes).toEqual([])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a form of another site stops nothing, signed in or not, and a link from there leads to the page', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'admin')
  await page.goto('/brake/plain')
  const token = await page.locator('input[name=token]').first().inputValue()
  // The demo shop's address is another site in the eyes of the browser.
  const elsewhere = 'http://127.0.0.1:1/'
  await page.route(elsewhere, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${new URL('/brake/plain', page.url()).href}"><input name="token" value="${token}"><input name="act" value="engage"><input name="scope" value="all"><input name="reason" value="x"><button>go</button></form>
        <a href="${new URL('/brake/plain', page.url()).href}">link</a>`,
    }),
  )
  await page.goto(elsewhere)
  await page.getByRole('button', { name: 'go' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect((await own.control()).brakes).toEqual([])
  await page.goto(elsewhere)
  await page.getByRole('link', { name: 'link' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Nobody is signed in here.' })).toBeVisible()
  await page.getByRole('link', { name: 'open this page again' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing is stopped.' })).toBeVisible()
  await page.context().close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the brake is accessible and fits from phone to wall in its moments, ${colorScheme}`, async ({ browser, own }) => {
    const page = await own.openPage(browser, 'admin', { colorScheme })
    await page.goto('/brake')
    await expect(page.getByRole('heading', { level: 1, name: 'Nothing is stopped.' })).toBeVisible()
    await lookAtPage(page, `brake-${colorScheme}`)
    await page.getByRole('link', { name: 'Stop everything' }).click()
    await lookAtPage(page, `brake-why-${colorScheme}`)
    await page.getByRole('dialog').getByLabel('Why').fill(ugly)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { level: 1, name: 'Everything is stopped.' })).toBeVisible()
    await lookAtPage(page, `brake-stopped-${colorScheme}`)
    await page.getByRole('button', { name: 'Release everything…' }).click()
    await lookAtPage(page, `brake-release-${colorScheme}`)
    await page.goto('/brake/plain')
    await page.getByText('Release…').click()
    await lookAtPage(page, `brake-plain-${colorScheme}`)
    await page.context().close()
  })
}
