import type { Page } from '@playwright/test'
import { setAttention } from './late-clicks.ts'

type Random = (below: number) => number
/** One thing that a person does without meaning to approve. `place`: the middle of the button. */
type Accident = { name: string; happen: (page: Page, random: Random, place: { x: number; y: number }) => Promise<void> }

const strayKeys = ['Enter', ' ', 'a', 'y', 'Y', 'A', 'Enter', 'NumpadEnter', 'j', 'k', 'Tab', 'Home', 'End', 'F2'] as const

/** While the button is armed: everything but a press on it or a deliberate Ctrl+Enter. */
export const accidentsWhileArmed: readonly Accident[] = [
  {
    name: 'a key on the focused button',
    happen: async (page, random) => {
      await page.locator('button.sign').focus()
      await page.keyboard.press(random(2) === 0 ? 'Enter' : ' ')
    },
  },
  {
    name: 'a held key on the focused button',
    happen: async (page, random) => {
      await page.locator('button.sign').focus()
      const key = random(2) === 0 ? 'Enter' : ' '
      for (let times = 2 + random(4); times > 0; times -= 1) await page.keyboard.down(key)
      await page.keyboard.up(key)
    },
  },
  {
    name: 'Enter in the field of the reason',
    happen: async (page) => {
      await page.getByLabel('Reason for approving').focus()
      await page.keyboard.press('Enter')
    },
  },
  {
    name: 'a stray key somewhere on the page',
    happen: async (page, random) => {
      await page.evaluate('document.activeElement.blur()')
      await page.keyboard.press(strayKeys[random(8)]!)
    },
  },
  {
    name: 'Enter with another modifier',
    happen: async (page, random) => {
      await page.evaluate('document.activeElement.blur()')
      await page.keyboard.press(['Shift+Enter', 'Alt+Enter', 'Control+Shift+Enter', 'Control+Alt+Enter'][random(4)]!)
    },
  },
  {
    name: 'a drag that begins or ends beside the button',
    happen: async (page, random, { x, y }) => {
      const [from, to] = random(2) === 0 ? [y - 200, y] : [y, y - 200]
      await page.mouse.move(x, from)
      await page.mouse.down()
      await page.mouse.move(x, to)
      await page.mouse.up()
    },
  },
  {
    name: 'another button of the mouse',
    happen: async (page, random, { x, y }) => {
      await page.mouse.click(x, y, { button: random(2) === 0 ? 'middle' : 'right' })
      await page.keyboard.press('Escape')
    },
  },
  {
    name: 'a wheel over the button',
    happen: async (page, random, { x, y }) => {
      await page.mouse.move(x, y)
      await page.mouse.wheel(0, random(2) === 0 ? 200 : -200)
    },
  },
]

/** Right after another window had the focus: the button is not armed, and is hit. */
export const accidentsAfterTheft: readonly Accident[] = [
  {
    name: 'a click that was meant for the other window',
    happen: async (page, _random, { x, y }) => {
      await setAttention(page, false)
      await page.mouse.click(x, y)
    },
  },
  {
    name: 'a click that brings the focus back',
    happen: async (page, _random, { x, y }) => {
      await setAttention(page, false)
      await setAttention(page, true)
      await page.mouse.click(x, y)
    },
  },
  {
    name: 'a double or triple click right after coming back',
    happen: async (page, random, { x, y }) => {
      await setAttention(page, true)
      await page.mouse.click(x, y, { clickCount: 2 + random(2) })
    },
  },
  {
    name: 'Ctrl+Enter that was meant for the other window',
    happen: async (page, random) => {
      await setAttention(page, false)
      await page.keyboard.down('Control')
      for (let times = 1 + random(4); times > 0; times -= 1) await page.keyboard.down('Enter')
      await page.keyboard.up('Enter')
      await page.keyboard.up('Control')
    },
  },
  {
    name: 'a key on the button while another window has the focus',
    happen: async (page, random) => {
      await setAttention(page, false)
      await page.locator('button.sign').focus()
      await page.keyboard.press(strayKeys[random(2)]!)
    },
  },
]
