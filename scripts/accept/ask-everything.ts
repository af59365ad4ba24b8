import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AcceptanceSetup } from './acceptance-setup.ts'
import { askPeople } from './ask-people.ts'
import type { AskedOfPeople } from './ask-people.ts'
import type { ConsoleUnderTest } from './console-under-test.ts'
import type { ConsoleVisitor } from './console-visitor.ts'
import { signClaims, toClaims } from './signed-assertion.ts'

type OpenApi = { paths: Record<string, { get?: { operationId: string; parameters?: { name: string; in: string; required?: boolean }[] } }> }

/** Values for what stands in the paths; several, so that an answer about more than one thing is read. */
type Known = Readonly<Record<string, readonly string[] | undefined>>

const streamMs = 3_000

/**
 * Asks every GET route of the published OpenAPI document as every role and as an executor, and the pages of console and shop, so that
 * the book holds an answer of each. Answers with how many routes of the document were asked, and which gave nothing but refusals.
 */
export async function askEverything(setup: AcceptanceSetup): Promise<{ asked: number; unanswered: string[] }> {
  const { book, clone, console: console_ } = setup
  const { paths } = JSON.parse(readFileSync(join(clone.root, 'docs/openapi.json'), 'utf8')) as OpenApi
  const visitors = Object.values(setup.visitors)
  const known = await listKnown(setup.visitors.admin, await askPeople(setup))
  const unanswered: string[] = []
  let asked = 0
  for (const [path, { get }] of Object.entries(paths)) {
    if (get === undefined) continue
    asked += 1
    const statuses: number[] = []
    for (const target of await fillIn(path, get.parameters ?? [], known, setup.visitors.admin)) {
      const stream = path.endsWith('/events') ? streamMs : undefined
      if (path.startsWith('/operator/') || path.startsWith('/api/')) {
        const own = target.replace(/^\/operator\//, '/api/')
        const answers = visitors.map((visitor) => visitor.get(own, stream))
        for (const answer of await Promise.all(answers)) statuses.push(answer.status)
        statuses.push((await book.ask('GET', `${console_.origin}${own}`)).status)
      }
      if (!path.startsWith('/api/')) {
        const headers = { 'x-api-key': console_.secret(findKeyFile(path)) }
        const forConsole = path.startsWith('/operator/') ? { ...headers, 'x-operator-assertion': speakAsConsole(console_, target) } : headers
        statuses.push((await book.ask('GET', `${console_.controlPlaneUrl}${target}`, { headers: forConsole })).status)
        statuses.push((await book.ask('GET', `${console_.controlPlaneUrl}${target}`)).status)
      }
    }
    if (!statuses.includes(200)) unanswered.push(`${path} (${[...new Set(statuses)].join(', ')})`)
  }
  const pages = ['/', '/sign-in', '/runs', '/approvals', '/audit', '/settings/me', '/nothing-is-here', `/approvals/${known['action_id']?.[0] ?? ''}`]
  for (const page of pages) await book.ask('GET', `${console_.origin}${page}`, { headers: { accept: 'text/html' } })
  for (const page of ['/', '/listings/1001', '/listings/nothing'])
    await book.ask('GET', `${console_.shopUrl}${page}`, { headers: { accept: 'text/html' } })
  return { asked, unanswered }
}

function findKeyFile(path: string): string {
  if (path.startsWith('/operator/')) return 'instance-key'
  return path.startsWith('/checkpoint/') ? 'checkpoint-api-key' : 'demo-agent-key'
}

/** For the few routes that only the console itself asks. */
function speakAsConsole(console_: ConsoleUnderTest, target: string): string {
  const { keys } = JSON.parse(console_.secret('operator-assertion-jwks.json')) as { keys: { kid: string }[] }
  const claims = { ...toClaims('console', { method: 'GET', target, body: '' }), sid: undefined }
  return signClaims(claims, console_.secret('jwt-private.pem'), keys[0]!.kid)
}

async function listKnown(admin: ConsoleVisitor, { approval_number, governance_id }: AskedOfPeople): Promise<Known> {
  const runs = await admin.read<{ items: { run_id: string }[] }>('/api/runs?limit=20')
  const actions = await admin.read<{ items: { action_id: string }[] }>('/api/external-actions?limit=20')
  const events = await admin.audit('')
  return {
    run_id: runs.items.map((run) => run.run_id),
    action_id: actions.items.map((action) => action.action_id),
    seq: events.slice(0, 5).map((event) => String(event.seq)),
    approval_number: [approval_number],
    approval_id: [`apr_${approval_number}`],
    governance_id: [governance_id],
    request_id: [`gov_${governance_id}`],
  }
}

/** The addresses to ask for one route: one for each thing that is known, and for each artifact of a run. */
async function fillIn(
  path: string,
  parameters: { name: string; in: string; required?: boolean }[],
  known: Known,
  admin: ConsoleVisitor,
): Promise<string[]> {
  const name = /\{([a-z_]+)\}/.exec(path)?.[1]
  if (name === undefined) return [parameters.some((parameter) => parameter.name === 'from' && parameter.required) ? `${path}?from=1` : path]
  const targets: string[] = []
  // A name that is new in the document: the check says which route had no answer.
  for (const value of (known[name] ?? []).slice(0, 7)) {
    const target = path.replace(`{${name}}`, encodeURIComponent(value))
    if (!parameters.some((parameter) => parameter.name === 'path' && parameter.required)) targets.push(target)
    else {
      const index = await admin.read<{ items: { path: string }[] }>(`/api/runs/${encodeURIComponent(value)}/artifacts/index`)
      for (const artifact of index.items) targets.push(`${target}?path=${encodeURIComponent(artifact.path)}`)
    }
  }
  return targets
}
