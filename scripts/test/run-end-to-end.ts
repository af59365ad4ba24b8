import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findChromium } from './find-chromium.ts'
import { findNginx } from './find-nginx.ts'
import { lastLines } from './last-lines.ts'
import { runCommand } from './run-command.ts'
import type { Tally } from './tally.ts'

type Suite = { title: string; suites?: Suite[]; specs?: { title: string; tests: { status: string }[] }[] }

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
  const failed: string[] = []
  let passed = 0
  const visit = (suite: Suite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        // `flaky` passed only on a second try: a noisy test is a failing test.
        if (test.status === 'expected') passed += 1
        else failed.push(`${suite.title} › ${spec.title} (${test.status})`)
      }
    }
    for (const inner of suite.suites ?? []) visit(inner)
  }
  try {
    for (const suite of (JSON.parse(readFileSync(file, 'utf8')) as { suites: Suite[] }).suites) visit(suite)
  } catch {
    failed.push('the browser tests ended without a report')
  }
  if (ended.status !== 0 && failed.length === 0) failed.push('the browser tests failed outside their tests')
  tally.passed += passed
  for (const name of failed) tally.note(false, `e2e: ${name}`)
  tally.tell(`e2e: ${passed} passed, ${failed.length} failed`)
}
