/**
 * `npm run bench -- NAME`: measurements with their baselines in the same run, because single timings on a shared machine
 * say little. Never part of the tests.
 */
import { measureAudit } from './measure-audit.ts'
import { measureBff } from './measure-bff.ts'
import { measureEvents } from './measure-events.ts'
import { measureLedger } from './measure-ledger.ts'
import { measureNginx } from './measure-nginx.ts'
import { measureRunsList } from './measure-runs-list.ts'
import { measureStart } from './measure-start.ts'

const measurements: Record<string, { what: string; measure: () => Promise<void> }> = {
  start: { what: 'cold and warm start of a fresh clone, and the memory of its processes', measure: measureStart },
  'runs-list': { what: 'the runs list at 100,000 runs through the BFF, against the control plane alone', measure: measureRunsList },
  bff: { what: 'what the BFF adds to one call, as a ratio of calling the control plane directly', measure: measureBff },
  nginx: { what: 'what nginx adds to a read and to an asset, as a ratio of asking the BFF directly', measure: measureNginx },
  events: { what: 'from a committed change to the screen', measure: measureEvents },
  audit: { what: 'audit appends with the tree and the checkpoint writer, and a million entries exported and verified', measure: measureAudit },
  ledger: { what: 'claims, decisions and audit appends as ratios to bare SQL, and the claim with 10,000 pending', measure: measureLedger },
}

const name = process.argv[2] ?? ''
const chosen = measurements[name]
if (!chosen) {
  process.stdout.write(
    `npm run bench -- NAME, where NAME is one of\n${Object.entries(measurements)
      .map(([key, { what }]) => `  ${key.padEnd(10)} ${what}`)
      .join('\n')}\n`,
  )
  process.exitCode = name === '' ? 0 : 2
} else {
  await chosen.measure()
}
