import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentiles } from './percentiles.ts'
import { signIn, startConsole } from './running-console.ts'
import { createAssertionSigner } from './sign-assertion.ts'

const rounds = 150

/** The same read, alternating: through the BFF with a cookie, and at the control plane with key and assertion. */
export async function measureBff(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-bench-'))
  const running = await startConsole({ dataDirectory: join(folder, 'data'), workspace: folder, extra: ['--no-agent'] })
  try {
    const cookie = await signIn(running, 'admin')
    const sign = await createAssertionSigner(running.dataDirectory)
    const through: number[] = []
    const direct: number[] = []
    const ask = async (into: number[], url: string, headers: Record<string, string>) => {
      const begun = performance.now()
      const answer = await fetch(url, { headers })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${answer.status} ${url}`)
      into.push(performance.now() - begun)
    }
    for (let n = 0; n < rounds; n += 1) {
      await ask(through, `${running.origin}/api/control`, { cookie })
      await ask(direct, `${running.controlPlaneUrl}/operator/control`, await sign('GET', '/operator/control'))
    }
    const [a, b] = [percentiles(through.slice(10)), percentiles(direct.slice(10))]
    process.stdout.write(`GET control, ${rounds} alternating requests\n`)
    process.stdout.write(`  through the BFF       p50 ${a.p50.toFixed(2)} ms  p95 ${a.p95.toFixed(2)} ms\n`)
    process.stdout.write(`  control plane alone   p50 ${b.p50.toFixed(2)} ms  p95 ${b.p95.toFixed(2)} ms\n`)
    process.stdout.write(`  ratio                 p50 ${(a.p50 / b.p50).toFixed(2)}x    p95 ${(a.p95 / b.p95).toFixed(2)}x\n`)
  } finally {
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
