import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build, loadConfigFromFile } from 'vite'
import { findChromium } from '../test/find-chromium.ts'
import type { PayloadReader } from './payload-reader.ts'
import type { tellPayload } from './tell-payload.ts'

const pathTo = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export type BrowserPayloadReader = PayloadReader & {
  /** With rule, place and what to do, on which server and browser agree as well. */
  tell: (texts: readonly Buffer[]) => Promise<Array<ReturnType<typeof tellPayload>>>
}

/** The code of the decision page, bundled and minified with the settings of the pages, in headless Chromium. */
export async function openBrowserPayloadReader(): Promise<BrowserPayloadReader> {
  const script = await bundle()
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath === '' ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
  })
  const page = await browser.newPage()
  await page.addScriptTag({ content: script, type: 'module' })
  await page.waitForFunction('typeof tellPayloads === "function"')
  const tell: BrowserPayloadReader['tell'] = (texts) => page.evaluate(`tellPayloads(${JSON.stringify(texts.map((text) => text.toString('base64')))})`)
  return {
    name: 'browser',
    tell,
    judge: async (texts) => (await tell(texts)).map(({ verdict }) => verdict),
    close: () => browser.close(),
  }
}

async function bundle(): Promise<string> {
  const pages = await loadConfigFromFile({ command: 'build', mode: 'production' }, pathTo('../../apps/web/vite.config.ts'))
  if (!pages) throw new Error('The pages have no configuration of Vite.')
  const { target, rolldownOptions } = pages.config.build ?? {}
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root: import.meta.dirname,
    build: {
      write: false,
      ...(target === undefined ? {} : { target }),
      modulePreload: { polyfill: false },
      rolldownOptions: { input: pathTo('./browser-payload-entry.ts'), treeshake: rolldownOptions?.treeshake ?? true },
    },
  })
  const chunks = [built].flat().flatMap((result) => ('output' in result ? result.output : []))
  const [chunk, ...more] = chunks.filter((output) => output.type === 'chunk')
  if (!chunk || more.length > 0) throw new Error(`The bundle for the browser has ${chunks.length} files, not one.`)
  return chunk.code
}
