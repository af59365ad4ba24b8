import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { findChromium } from './find-chromium.ts'
import { findNginx } from './find-nginx.ts'
import { lastLines } from './last-lines.ts'
import { runCommand } from './run-command.ts'
import type { Tally } from './tally.ts'

type Attempt = { error?: { message?: string }; attachments?: { name: string; path?: string }[] }
type Suite = { title: string; suites?: Suite[]; specs?: { title: string; tests: { status: string; results?: Attempt[] }[] }[] }

/** Builds the pages, weighs them, and runs every browser test against them. */
export async function runEndToEnd(tally: Tally, results: string): Promise<void> {
  const [chromium, nginx] = [findChromium(), findNginx()]
  // Playwright takes a relative name from its own folder.
  const file = resolve(join(results, 'e2e.json'))
  const build = await runCommand(['node', 'scripts/build.ts'])
  tally.note(build.status === 0, 'the pages build', lastLines(build.output, 40))
  const sizes = await runCommand(['node', 'scripts/bundle-sizes.ts'])
  tally.note(sizes.status === 0, 'the first load and the decision route stay within their budgets', sizes.output)
  if (sizes.status === 0) tally.tell(sizes.output.trim())
  const ended = await runCommand(['playwright', 'test', '--config', 'e2e/playwright.config.ts'], {
    env: { CHROMIUM_PATH: chromium, NGINX_PATH: nginx, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    show: true,
  })
  const failed: { name: string; detail?: string }[] = []
  let passed = 0
  const visit = (suite: Suite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        // `flaky` passed only on a second try: a noisy test is a failing test.
        if (test.status === 'expected') passed += 1
        else failed.push({ name: `${suite.title} › ${spec.title} (${test.status})`, detail: (test.results ?? []).map(toDetail).join('\n') })
      }
    }
    for (const inner of suite.suites ?? []) visit(inner)
  }
  try {
    for (const suite of (JSON.parse(readFileSync(file, 'utf8')) as { suites: Suite[] }).suites) visit(suite)
  } catch {
    failed.push({ name: 'the browser tests ended without a report' })
  }
  if (ended.status !== 0 && failed.length === 0) failed.push({ name: 'the browser tests failed outside their tests' })
  tally.passed += passed
  for (const { name, detail } of failed) tally.note(false, `e2e: ${name}`, detail)
  tally.tell(`e2e: ${passed} passed, ${failed.length} failed`)
}

const mostDetailLines = 150

/** What went wrong and what the page held then: where only this output is left, nobody can open the report. */
function toDetail({ error, attachments = [] }: Attempt): string {
  const page = attachments.find(({ name, path }) => name === 'error-context' && path !== undefined)?.path
  const told = [error?.message ?? '', page === undefined ? '' : readFileSync(page, 'utf8')].join('\n')
  return stripVTControlCharacters(told).split('\n').slice(0, mostDetailLines).join('\n')
}
