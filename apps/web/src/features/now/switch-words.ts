import type { ControlInForce } from '@autopack/contract/control'

/** Which effects are possible at all, in one short sentence. */
export function toSwitchWords({
  external_actions_enabled,
  dry_run,
  kill_switches,
}: Pick<ControlInForce, 'external_actions_enabled' | 'dry_run' | 'kill_switches'>): string {
  if (!external_actions_enabled) return 'External actions are off'
  const on = Object.entries(kill_switches)
    .filter(([, isOn]) => isOn)
    .map(([name]) => name)
  if (on.length === 0) return 'Every switch is off'
  return dry_run
    ? `Dry run: nothing is sent (${on.join(', ')} on)`
    : `${on.join(', ')} on, the other ${Object.keys(kill_switches).length - on.length} off`
}
