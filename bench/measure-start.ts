import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryOf, startConsole } from './running-console.ts'

/** A fresh clone of HEAD in an empty folder: first `npm start`, second `npm start`, and what the processes weigh. */
export async function measureStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'autopack-bench-'))
  const clone = join(folder, 'clone')
  try {
    execFileSync('git', ['clone', '-q', '.', clone])
    for (const label of ['first start (install, build, everything)', 'second start']) {
      const running = await startConsole({ cwd: clone, dataDirectory: join(folder, 'data'), workspace: clone, command: ['npm', 'start', '--'] })
      process.stdout.write(`${label}: ${(running.readyMs / 1000).toFixed(1)} s\n`)
      if (label === 'second start') {
        await new Promise((resolve) => setTimeout(resolve, 20_000))
        for (const { name, pssMib } of memoryOf(running.process.pid!))
          process.stdout.write(`  ${name.padEnd(14)} ${pssMib} MiB (proportional set size, 20 s after the start)\n`)
      }
      await running.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
