/**
 * `npm run accept -- --seed N`: the acceptance from outside. A fresh clone is installed, started and driven as the README says, through
 * a browser, HTTP, signals, and SQL as the owner of the database; nothing of the product is imported. Names, sentence and secrets come
 * from the seed. Prints a sentence a check; the last line is `N passed, N failed`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { chromium } from '@playwright/test'
import { acceptKilledAgent } from './accept/accept-killed-agent.ts'
import { acceptKilledBff } from './accept/accept-killed-bff.ts'
import { acceptKilledControlPlane } from './accept/accept-killed-control-plane.ts'
import { acceptNoSecret } from './accept/accept-no-secret.ts'
import { acceptPublication } from './accept/accept-publication.ts'
import { acceptRefusedAssertions } from './accept/accept-refused-assertions.ts'
import { acceptStoppedShop } from './accept/accept-stopped-shop.ts'
import { acceptTamperedBytes } from './accept/accept-tampered-bytes.ts'
import { acceptTamperedLog } from './accept/accept-tampered-log.ts'
import { createAcceptanceReport } from './accept/acceptance-report.ts'
import type { AcceptanceSetup } from './accept/acceptance-setup.ts'
import { startAgent } from './accept/agent-under-test.ts'
import { openAnswerBook } from './accept/answer-book.ts'
import { askEverything } from './accept/ask-everything.ts'
import { openPerson } from './accept/browser-person.ts'
import { describeConsole } from './accept/console-under-test.ts'
import type { ConsoleUnderTest, RoleName } from './accept/console-under-test.ts'
import { openVisitor } from './accept/console-visitor.ts'
import { makeFreshClone } from './accept/fresh-clone.ts'
import { openOwnerDatabase } from './accept/owner-database.ts'
import { writeRandomWorkspace } from './accept/random-workspace.ts'
import type { RandomWorkspace } from './accept/random-workspace.ts'
import { createSeededRandom } from './accept/seeded-random.ts'
import { openShopGate } from './accept/shop-gate.ts'
import { openStartedProcesses } from './accept/started-processes.ts'
import { uploadSecrets } from './accept/upload-secrets.ts'
import { findChromium } from './test/find-chromium.ts'
import { readFlags } from './flags/read-flags.ts'
import { startPostgres } from './test/start-postgres.ts'

const usage = `npm run accept -- [OPTIONS]   the acceptance from outside, on a fresh clone with random contents

  --seed N          any text; another seed is another workspace (1)
  --working-tree    what is in this folder now instead of what is committed
  --first-port N    takes ten ports from here on (14700)
  --keep            leaves clone, data folders and logs behind
  --help            this text`

const values = readFlags(usage, {
  seed: { type: 'string', default: '1' },
  'working-tree': { type: 'boolean', default: false },
  'first-port': { type: 'string', default: '14700' },
  keep: { type: 'boolean', default: false },
})
const source = resolve(import.meta.dirname, '..')
const firstPort = Number(values['first-port'])
const folder = mkdtempSync(join(tmpdir(), 'autopack-accept-'))
const started = performance.now()
const report = createAcceptanceReport()
const processes = openStartedProcesses()
const endings: (() => Promise<unknown>)[] = [processes.endAll]
let ended: Promise<void> | null = null

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    console.log(`\n${signal}: ending everything that was started …`)
    void endEverything(false).then(() => process.exit(130))
  })
}
// Neither a hang nor an error that nobody waited for may leave anything running.
const limit = setTimeout(() => void giveUp('the acceptance ends within 10 minutes'), 600_000)
process.on('unhandledRejection', (error) => void giveUp('the acceptance itself works', error))
process.on('uncaughtException', (error) => void giveUp('the acceptance itself works', error))

await report.part('', 'the acceptance', acceptEverything)
clearTimeout(limit)
await endEverything(report.failed > 0)
tellCount()
process.exit(report.failed > 0 ? 1 : 0)

async function acceptEverything(): Promise<void> {
  const random = createSeededRandom(values.seed)
  const executablePath = findChromium() || undefined
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run']
  const launching = chromium.launch({ executablePath, args })
  const starting = startPostgres()
  // Noted before they are ready: an interruption may come meanwhile.
  endings.unshift(async () => (await launching).close())
  endings.push(async () => (await starting).stop())
  const [browser, postgres] = await Promise.all([launching, starting])
  const database = await openOwnerDatabase(postgres.url, random)
  endings.splice(-1, 0, database.close)

  mkdirSync(join(folder, 'logs'))
  const clone = makeFreshClone(source, join(folder, 'clone'), values['working-tree'] ? 'working-tree' : 'head')
  const workspaces = ['first', 'second', 'third'].map((name) => writeRandomWorkspace(join(folder, name), random))
  const [first, second, third] = workspaces as [(typeof workspaces)[number], (typeof workspaces)[number], (typeof workspaces)[number]]
  const secrets = [
    ...workspaces.flatMap((workspace) => workspace.secrets),
    ...database.passwords.map((value) => ({ what: "a database role's password", value, line: value })),
  ]
  const env = toStrangersEnvironment()
  const together = { report, book: openAnswerBook(), browser, processes, clone, env, secrets, results: new Set<string>() }
  const describe = (name: string, place: number, flags: string[], more: Record<string, string>) =>
    describeConsole(processes, {
      ...{ name, root: clone.root, dataDir: join(folder, name, 'data'), firstPort: firstPort + place, flags },
      ...{ env: { ...env, ...more }, log: join(folder, 'logs', `${name}.txt`) },
    })
  mkdirSync(join(folder, 'embedded'))
  mkdirSync(join(folder, 'postgres'))
  const setUp = (workspace: RandomWorkspace, console_: ConsoleUnderTest): AcceptanceSetup => {
    const visit = (role: RoleName) => openVisitor(together.book, console_, role)
    return { ...together, workspace, console: console_, visitors: { admin: visit('admin'), approver: visit('approver'), viewer: visit('viewer') } }
  }
  const embedded = setUp(first, describe('embedded', 0, ['--workspace', first.folder], {}))
  const onPostgres = setUp(second, describe('postgres', 3, ['--no-agent'], database.urls))

  const agentLogs = { killed: join(folder, 'logs', 'killed-agent.txt'), second: join(folder, 'logs', 'second-agent.txt') }

  // One after the other: the first start installs and builds, which the second one finds done.
  await embedded.console.start()
  await onPostgres.console.start()
  const leak = await uploadSecrets(embedded)
  await Promise.all([acceptOnEmbedded(), acceptOnPostgres()])

  await report.part('7', 'asking every route', async () => {
    const leaked = (await Promise.all([askEverything(embedded), askEverything(onPostgres)])).map(({ asked, unanswered }) => ({ asked, unanswered }))
    const answered = leaked.every(({ asked, unanswered }) => asked > 20 && unanswered.length === 0)
    report.check('7', answered, `every GET route of the published document is asked as every role, and answers somebody`, leaked)
    const shown = together.book.answers.find(({ from }) => from.includes(`/runs/${leak}/artifacts/raw`) && !from.endsWith('(headers)'))
    report.check('7', shown?.bytes.includes('[redacted') === true, 'an artifact full of planted secrets is shown, redacted', shown?.bytes.toString())
    acceptNoSecret([embedded, onPostgres], Object.values(agentLogs))
    const fixed = [...together.results].filter((result) => result !== '' && clone.holds(result))
    const words = `none of ${together.results.size} random results (names, sentences, ids, hashes) stands in a file of the repository`
    report.check('7', together.results.size > 8 && fixed.length === 0 && clone.holds('Autopack Console'), words, fixed)
  })
  // Last: nothing is written afterwards.
  await report.part('5', 'changing the log', () => acceptTamperedLog(onPostgres, database, join(folder, 'logs', 'verify-audit.txt')))

  async function acceptOnEmbedded(): Promise<void> {
    await report.part('1', 'publishing', () => acceptPublication(embedded))
    await report.part('3', 'stolen keys and forged assertions', () => acceptRefusedAssertions(embedded))
    await report.part('4', 'killing the control plane', () => acceptKilledControlPlane(embedded))
  }

  async function acceptOnPostgres(): Promise<void> {
    // Its 90 seconds go on while the others run.
    let over: Promise<void> = Promise.resolve()
    const killed = { workspace: third, gatePort: firstPort + 6, log: agentLogs.killed }
    await report.part('4', 'killing the agent', async () => void ({ over } = await acceptKilledAgent({ ...onPostgres, workspace: third }, killed)))
    await report.part('6', 'the shop, the bytes and the BFF', async () => {
      const gate = await openShopGate(firstPort + 7, onPostgres.console.shopPort)
      const agent = startAgent(onPostgres, { name: 'second-agent', workspace: second.folder, shopUrl: gate.url, log: agentLogs.second })
      const approver = await openPerson(browser, together.book, onPostgres.console, 'approver')
      await report.part('6', 'stopping the shop', () => acceptStoppedShop(onPostgres, approver, gate))
      await report.part('5', 'changing bytes', () => acceptTamperedBytes(onPostgres, database, approver, agent))
      await report.part('4', 'killing the BFF', () => acceptKilledBff(onPostgres, database, approver))
    })
    await over
  }
}

async function giveUp(sentence: string, error?: unknown): Promise<void> {
  report.check('', false, sentence, error)
  await endEverything(true)
  tellCount()
  process.exit(1)
}

function tellCount(): void {
  console.log(`\nseed ${values.seed}, ${((performance.now() - started) / 1000).toFixed(0)} s\n${report.passed} passed, ${report.failed} failed`)
}

/** Without what npm, vitest and this checkout add: the clone has to find everything by itself. */
function toStrangersEnvironment(): Record<string, string | undefined> {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(source))
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_lifecycle|npm_package|npm_command|INIT_CWD$|NODE_OPTIONS$|VITEST)/.test(name))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) }
}

function endEverything(keepLogs: boolean): Promise<void> {
  ended ??= endOnce(keepLogs)
  return ended
}

async function endOnce(keepLogs: boolean): Promise<void> {
  for (const end of endings) await end().catch((error: unknown) => console.error(error))
  if (values.keep || keepLogs) console.log(`\nLogs, data folders and clone are kept in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}
