import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNginx } from '../scripts/test/start-nginx.ts'
import { percentiles } from './percentiles.ts'
import { signIn, startConsole } from './running-console.ts'
import { createAssertionSigner } from './sign-assertion.ts'

const rounds = 300
const warmUps = 20
const nginxPort = 15_610

/** The same questions, alternating, on connections that stay open: through nginx, at the BFF, and for the read at the control plane. */
export async function measureNginx(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const folder = mkdtempSync(join(tmpdir(), 'autopack-bench-'))
  const webDirectory = join(root, 'apps/web/dist')
  const running = await startConsole({ dataDirectory: join(folder, 'data'), workspace: folder, extra: ['--no-agent'] })
  const nginx = await startNginx(root, { port: nginxPort, upstreamPort: Number(new URL(running.origin).port), webDirectory })
  const agent = new Agent({ keepAlive: true })
  try {
    const cookie = await signIn(running, 'admin')
    const sign = await createAssertionSigner(running.dataDirectory)
    const assets = readdirSync(join(webDirectory, 'assets')).filter((name) => name.endsWith('.js.gz'))
    const asset = `/assets/${assets.find((name) => name.startsWith('index-'))!.replace(/\.gz$/, '')}`
    const through = `http://127.0.0.1:${nginxPort}`
    const direct = running.origin.replace('localhost', '127.0.0.1')
    const { host } = new URL(running.origin)
    // Three reads of one person reach the control plane each round, and 600 a minute are allowed.
    const pause = () => new Promise((resolve) => setTimeout(resolve, 320))

    const reads = { nginx: [] as number[], bff: [] as number[], controlPlane: [] as number[] }
    const files = { nginx: [] as number[], bff: [] as number[] }
    for (let n = 0; n < rounds + warmUps; n += 1) {
      const into = <T extends number[]>(times: T): number[] => (n < warmUps ? [] : times)
      into(reads.nginx).push(await time(agent, `${through}/api/control`, { host, cookie }))
      into(reads.bff).push(await time(agent, `${direct}/api/control`, { host, cookie }))
      const headers = await sign('GET', '/operator/control')
      into(reads.controlPlane).push(await time(agent, `${running.controlPlaneUrl}/operator/control`, headers))
      into(files.nginx).push(await time(agent, `${through}${asset}`, { host, 'accept-encoding': 'gzip' }))
      into(files.bff).push(await time(agent, `${direct}${asset}`, { host, 'accept-encoding': 'gzip' }))
      await pause()
    }
    const say = (text: string) => process.stdout.write(`${text}\n`)
    const line = (what: string, times: number[], baseline: number[]) => {
      const [a, b] = [percentiles(times), percentiles(baseline)]
      say(
        `  ${what.padEnd(22)} p50 ${a.p50.toFixed(2)} ms  p95 ${a.p95.toFixed(2)} ms   ${(a.p50 / b.p50).toFixed(2)}x and ${(a.p95 / b.p95).toFixed(2)}x the BFF`,
      )
    }
    say(`${rounds} alternating requests each, connections kept open`)
    say('GET /api/control')
    line('through nginx', reads.nginx, reads.bff)
    line('at the BFF', reads.bff, reads.bff)
    line('control plane alone', reads.controlPlane, reads.bff)
    say(`GET ${asset}, gzip`)
    line('through nginx', files.nginx, files.bff)
    line('at the BFF', files.bff, files.bff)
  } finally {
    agent.destroy()
    await nginx.stop()
    await running.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Milliseconds from asking to the last byte. Throws on anything but 200. */
function time(agent: Agent, url: string, headers: Record<string, string>): Promise<number> {
  const begun = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers }, (response) => {
      response.on('error', reject)
      response.on('end', () =>
        response.statusCode === 200 ? resolve(performance.now() - begun) : reject(new Error(`${response.statusCode} ${url}`)),
      )
      response.resume()
    })
    sent.on('error', reject)
    sent.end()
  })
}
