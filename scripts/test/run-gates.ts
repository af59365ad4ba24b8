import { gates } from './gates.ts'
import { lastLines } from './last-lines.ts'
import { runCommand } from './run-command.ts'
import type { Tally } from './tally.ts'

export async function runGates(tally: Tally): Promise<void> {
  for (const gate of gates) {
    const ended = await runCommand(gate.command)
    tally.note(ended.status === 0, `gate: ${gate.name}`, `${lastLines(ended.output, 40)}\nto mend it: ${gate.fix}`)
  }
}
