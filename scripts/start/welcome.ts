import { join, relative } from 'node:path'
import { demoSwitches, origins } from './child-environments.ts'
import type { DemoOperator } from './demo-secrets.ts'
import type { StartOptions } from './start-options.ts'

const roleWords = { admin: 'everything, executor keys too', approver: 'approves and rejects', viewer: 'looks, and changes nothing' }

/** What a person needs to know once everything runs. */
export function writeWelcome(
  options: StartOptions,
  found: {
    operators: readonly DemoOperator[]
    changedPasswords: readonly string[]
    seconds: number
    callerDir: string
    demoFile: string
    database: string
  },
): string {
  const at = origins(options)
  const near = (path: string) => {
    const short = relative(found.callerDir, path)
    return short.startsWith('..') || short === '' ? path : short
  }
  const signIns = found.operators.map(({ name, password, role }) => {
    const shown = found.changedPasswords.includes(name) ? '(changed since)' : password
    return `    ${name.padEnd(9)} ${shown.padEnd(25)} ${roleWords[role]}`
  })
  return [
    '',
    `  Autopack Console   ${at.console}      (ready in ${found.seconds.toFixed(1)} s)`,
    '',
    '  Sign in as',
    ...signIns,
    '',
    '  Switched on, for the processes of this start only: external actions and DEMO_SHOP_PUBLISH; dry run is off.',
    options.agent
      ? '  So once a person approves, the demo agent really posts its listing to the demo shop on this machine.'
      : '  So what a person approves can really be posted to the demo shop on this machine.',
    `  Nothing else can happen outside. Caps a day: ${demoSwitches.AUTOPACK_MAX_ACTIONS_PER_DAY} actions, ${demoSwitches.AUTOPACK_MAX_DAILY_SPEND_USD} USD.`,
    '',
    `  Demo shop          ${at.shop}`,
    `  For executors      ${at.controlPlane}`,
    options.agent ? `  The agent looks at ${options.workspace}` : '  The demo agent was not started (--no-agent)',
    `  Sign-ins kept in   ${near(found.demoFile)}`,
    `  Database           ${found.database}`,
    `  Checkpoints        ${near(join(options.dataDir, 'checkpoints'))} (of the audit log; not independent: all of it is on this machine)`,
    `  Logs               ${near(join(options.dataDir, 'logs'))}/{control-plane,bff,checkpoint-writer,demo-shop${options.agent ? ',demo-agent' : ''}}.log`,
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n')
}
