import type { BrakeScope } from '@autopack/contract/control'
import type { AnswerOf } from '@autopack/contract/route'
import type { getSystemStatus } from '@autopack/contract/status'

type SystemStatus = Pick<AnswerOf<typeof getSystemStatus>, 'demo' | 'control'>

const kindWords = { run: ['run', 'runs'], executor: ['executor', 'executors'] } as const

/** `etsy, shopify, one run and 2 executors`: providers by name, for the rest names are not at hand on every page. */
function toScopesText(brakes: readonly BrakeScope[]): string {
  const parts = brakes.flatMap(({ kind, id }) => (kind === 'provider' ? [id] : []))
  for (const kind of ['run', 'executor'] as const) {
    const count = brakes.filter((scope) => scope.kind === kind).length
    if (count > 0) parts.push(count === 1 ? `one ${kindWords[kind][0]}` : `${count} ${kindWords[kind][1]}`)
  }
  return parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** The strip over every page, from what the control plane says is on; null where nothing is special. */
export function describeDeployment({ demo, control }: SystemStatus): { title: string; text: string; stopped: boolean } | null {
  if (control.brake_engaged) return { title: 'Stopped', text: 'no approved action can be taken, by anybody.', stopped: true }
  if (control.brakes.length > 0)
    return { title: 'Stopped in part', text: `${toScopesText(control.brakes)}: no approved action there can be taken.`, stopped: true }
  if (!demo) return null
  const shop = control.kill_switches.DEMO_SHOP_PUBLISH
  if (control.external_actions_enabled && shop && !control.dry_run) {
    return {
      title: 'Demo',
      text: 'external actions and the demo shop’s switch are on, dry run is off, for the processes of this start only.',
      stopped: false,
    }
  }
  const parts = [
    `external actions are ${control.external_actions_enabled ? 'on' : 'off'}`,
    `the demo shop’s switch is ${shop ? 'on' : 'off'}`,
    `dry run is ${control.dry_run ? 'on' : 'off'}`,
  ]
  return { title: 'Demo', text: `${parts.join(', ')}.`, stopped: false }
}
