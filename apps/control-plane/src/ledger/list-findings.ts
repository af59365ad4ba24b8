import type { Policy } from '@autopack/approval-proof/policy'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { findCapRefusal } from './daily-caps.ts'
import type { CapUse, DailyCap } from './daily-caps.ts'
import { findControlRefusal } from './effective-control.ts'
import type { ControlledAction, EffectiveControl } from './effective-control.ts'

type Finding = ExternalAction['findings'][number]

/** What a person should know before deciding: what was checked, and what stands in the way of executing it at this moment. */
export function listFindings(facts: {
  action: ControlledAction
  policy: Pick<Policy, 'blind'> & { coverage: { explained: number; present: number; hidden_characters: number } }
  described: boolean
  control: EffectiveControl
  embedded: boolean
  caps: readonly (DailyCap & CapUse)[]
}): Finding[] {
  const { action, policy, control } = facts
  const findings: Finding[] = []
  const { explained, present, hidden_characters } = policy.coverage
  if (policy.blind) {
    const detail = facts.described
      ? `${present - explained} of ${present} values cannot be explained; a second person has to approve.`
      : `Nobody has described this kind of action: none of its ${present} values can be explained, and it never runs live.`
    findings.push({ code: 'blind', level: 'finding', title: 'Blind: not everything can be explained', detail })
  } else {
    findings.push({
      code: 'explained',
      level: 'pass',
      title: 'Every value is explained',
      detail: `All ${present} values of the payload are described.`,
    })
  }
  if (hidden_characters > 0) {
    const detail = `${hidden_characters} characters that cannot be seen are in its texts; they are written out where they stand.`
    findings.push({ code: 'hidden_characters', level: 'finding', title: 'Text with hidden characters', detail })
  }
  const refusal = findControlRefusal(control, action, facts.embedded)
  if (refusal !== null) {
    const titles = { brake_engaged: 'The brake is engaged', kill_switch_off: 'A switch is off', dry_run_on: 'Dry run is on' }
    findings.push({
      code: refusal.code,
      level: 'finding',
      title: titles[refusal.code],
      detail: `${refusal.detail} As it is, it could not be claimed.`,
    })
  } else if (action.mode === 'live') {
    findings.push({
      code: 'switches_on',
      level: 'pass',
      title: 'Its switches are on',
      detail: `External actions and ${action.kill_switch} are on, dry run is off.`,
    })
  } else {
    findings.push({ code: 'dry_run', level: 'pass', title: 'A dry run', detail: 'Nothing is sent, so it needs no switch and no cap.' })
  }
  if (action.mode === 'live') {
    const full = findCapRefusal(facts.caps)
    if (full !== null) findings.push({ code: 'cap_reached', level: 'finding', title: 'A daily cap has no room for it', detail: full })
    else findings.push({ code: 'caps', level: 'pass', title: 'The daily caps have room for it', detail: 'They are counted again in the claim.' })
  }
  return findings
}
