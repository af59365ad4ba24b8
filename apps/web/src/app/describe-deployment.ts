import type { AnswerOf } from '@autopack/contract/route'
import type { getSystemStatus } from '@autopack/contract/status'

type SystemStatus = Pick<AnswerOf<typeof getSystemStatus>, 'demo' | 'control'>

/** The strip over every page, from what the control plane says is on; null where nothing is special. */
export function describeDeployment({ demo, control }: SystemStatus): { title: string; text: string; stopped: boolean } | null {
  if (control.brake_engaged) return { title: 'Stopped', text: 'no approved action can be taken, by anybody.', stopped: true }
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
