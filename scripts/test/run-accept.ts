import { runCommand } from './run-command.ts'
import type { Tally } from './tally.ts'

/** The acceptance from outside with one seed, on what is in this folder now; each of its checks counts. */
export async function runAccept(tally: Tally): Promise<void> {
  const firstPort = Number(process.env['E2E_FIRST_PORT'] ?? 14_600) + 100
  const ended = await runCommand(['node', 'scripts/accept.ts', '--seed', '1', '--working-tree', '--first-port', String(firstPort)], { show: true })
  const lines = ended.output.split('\n')
  const failed = lines.filter((line) => line.startsWith('FAIL ')).map((line) => line.slice(5))
  const counted = /^(\d+) passed, (\d+) failed$/m.exec(ended.output)
  tally.passed += Number(counted?.[1] ?? 0)
  for (const name of failed) tally.failures.push(`accept: ${name}`)
  if (counted === null || Number(counted[2]) !== failed.length || (ended.status === 0) !== (failed.length === 0))
    tally.note(false, 'the acceptance ended without its count', lines.slice(-20).join('\n'))
}
