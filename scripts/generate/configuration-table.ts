/** The README's table of configuration, from the same lists the processes read their environment with. */
import type { Variables } from '@autopack/server-kit/environment'
import { variables as bff } from '../../apps/bff/src/environment.ts'
import { variables as checkpointWriter } from '../../apps/checkpoint-writer/src/environment.ts'
import { variables as migrate } from '../../apps/control-plane/src/commands/migrator-environment.ts'
import { variables as controlPlane } from '../../apps/control-plane/src/environment.ts'
import { variables as demoAgent } from '../../apps/demo-agent/src/environment.ts'
import { variables as demoShop } from '../../apps/demo-shop/src/environment.ts'
import { table } from './contract-document.ts'

const processes: readonly [string, Variables][] = [
  ['control plane', controlPlane],
  ['migrations', migrate],
  ['BFF', bff],
  ['checkpoint writer', checkpointWriter],
  ['demo agent', demoAgent],
  ['demo shop', demoShop],
]

export function configurationTable(): string {
  const byName = new Map<string, { secret: boolean; unset: string; description: string; users: string[] }>()
  for (const [process, variables] of processes) {
    for (const variable of Object.values(variables)) {
      const known = byName.get(variable.name)
      if (known) known.users.push(process)
      else
        byName.set(variable.name, {
          secret: variable.kind === 'secret',
          unset: variable.default_text === null ? '–' : `\`${variable.default_text}\``,
          description: variable.description,
          users: [process],
        })
    }
  }
  return table(
    ['variable', 'when unset', 'read by', 'what'],
    [...byName]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      .map(([name, found]) => [
        found.secret ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``,
        found.unset,
        found.users.join(', '),
        found.description,
      ]),
  )
}
