import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { percentiles } from './percentiles.ts'
import { signIn, startConsole } from './running-console.ts'

const rounds = 30

/** An executor reports a phase; how long until the run's page shows it. The report's own round trip is the baseline. */
export async function measureEvents(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-bench-'))
  const running = await startConsole({ dataDirectory: join(folder, 'data'), workspace: folder, extra: ['--no-agent'] })
  const browser = await chromium.launch({
    ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : { executablePath: '/usr/bin/chromium' }),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
  })
  try {
    const demo = JSON.parse(readFileSync(join(running.dataDirectory, 'secrets/demo.json'), 'utf8')) as { executors: { key: string }[] }
    const report = async (path: string, body: unknown) => {
      const answer = await fetch(`${running.controlPlaneUrl}${path}`, {
        method: 'POST',
        headers: { 'x-api-key': demo.executors[0]!.key, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    }
    await report('/runs/start', {
      run: { run_id: 'bench', name: 'Bench', uses_model: false },
      tiers: [{ tier_id: 'T1', tier_index: 0, name: 'Tier' }],
      phases: Array.from({ length: rounds + 1 }, (_, n) => ({ phase_id: `F${n}`, phase_index: n, tier_id: 'T1', name: `Phase ${n}` })),
    })
    const cookie = await signIn(running, 'viewer')
    const context = await browser.newContext()
    await context.addCookies(
      cookie.split('; ').map((pair) => ({ name: pair.split('=')[0]!, value: pair.slice(pair.indexOf('=') + 1), url: running.origin })),
    )
    const page = await context.newPage()
    await page.goto(`${running.origin}/runs/bench`)
    const shown: number[] = []
    const reported: number[] = []
    for (let n = 0; n < rounds; n += 1) {
      await report(`/runs/bench/phases/F${n}/update_status`, { state: 'EXECUTING' })
      const seen = page
        .getByText(`${n + 1}/${rounds + 1}`)
        .first()
        .waitFor({ timeout: 15_000 })
      // Awaited below; a failure before that must still reach the cleanup.
      seen.catch(() => undefined)
      const begun = performance.now()
      await report(`/runs/bench/phases/F${n}/update_status`, { state: 'COMPLETE' })
      reported.push(performance.now() - begun)
      await seen
      shown.push(performance.now() - begun)
    }
    const [screen, call] = [percentiles(shown), percentiles(reported)]
    process.stdout.write(`from the report of a phase to the page of its run, ${rounds} times\n`)
    process.stdout.write(`  report answered   p50 ${call.p50.toFixed(0)} ms  p95 ${call.p95.toFixed(0)} ms\n`)
    process.stdout.write(
      `  on the screen     p50 ${screen.p50.toFixed(0)} ms  p95 ${screen.p95.toFixed(0)} ms   ${(screen.p50 / call.p50).toFixed(1)}x the report\n`,
    )
  } finally {
    await browser.close()
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
