import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { root } from './running-console.ts'

const folder = join(root, '.cache/screenshots')

/** In the page: whatever moves and ends has ended. */
const endOfMotion = `Promise.all(
  document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime)).map(({ finished }) => finished.catch(() => null)),
).then(() => null)`

/** A picture at every width, nothing cut off at any, and no barrier for anybody at the narrowest and a wide one. */
export async function lookAtPage(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const width of [360, 768, 1440, 1920]) {
    await page.setViewportSize({ width, height: width < 768 ? 780 : 900 })
    // A colour on its way to another is neither, and has the contrast of neither.
    await page.evaluate(endOfMotion)
    await page.screenshot({ path: join(folder, `${name}-${width}.png`) })
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow, `${name} is wider than a window of ${width}`).toBeLessThanOrEqual(0)
    if (width === 768 || width === 1920) continue
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map((found) => `${name} ${width}: ${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
  }
}
