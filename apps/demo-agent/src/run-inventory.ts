import { randomBytes } from 'node:crypto'
import { ApiProblem } from '@autopack/api-client/errors'
import { buildListing, chooseMode } from './build-listing.ts'
import { drawChart } from './draw-chart.ts'
import { findDuplicates } from './find-duplicates.ts'
import { quoteReadme } from './quote-readme.ts'
import { findLicences } from './find-licences.ts'
import { formatCount, formatSize } from './format-size.ts'
import { hashFiles } from './hash-files.ts'
import { plantSecrets } from './plant-secrets.ts'
import { publishReport } from './publish-report.ts'
import type { Shop } from './publish-report.ts'
import { runPhases, runTiers } from './run-plan.ts'
import { patiently } from './run-reporter.ts'
import type { Agent, RunReporter } from './run-reporter.ts'
import { walkWorkspace } from './walk-workspace.ts'
import { sumKinds, writeInventory, writeReport } from './write-report.ts'
import type { Findings } from './write-report.ts'

export type Workspace = { folder: string; name: string; /** Absolute folders below it that are nobody's business. */ skipped: readonly string[] }

/** `demo-20261122-133600-3f9a`: sortable, and unlike that of another agent in the same second. */
export function createRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, '')
  return `demo-${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString('hex')}`
}

/** One run, from the walk to the outcome of its proposal. An empty folder ends in a skipped publication. Answers whether it proposed. */
export async function runInventory(
  agent: Agent,
  reporter: RunReporter,
  workspace: Workspace,
  shop: Shop,
  runId: string,
  now: Date,
): Promise<boolean> {
  const { log, signal } = agent
  await announceRun(agent, workspace, runId)

  const walk = await reporter.phase('walk', async () => {
    const onProgress = (done: number) => reporter.progress(`found ${formatCount(done)} files`)
    const found = await walkWorkspace(workspace.folder, { skipped: workspace.skipped, onProgress, signal })
    const bound = found.stopped_at === null ? '' : `; stopped at the bound of ${found.stopped_at}, there is more`
    log.say(`[walk] ${formatCount(found.files.length)} files, ${formatSize(found.size_bytes)}, ${formatCount(found.folders)} folders${bound}`)
    if (found.symlinks > 0) log.say(`[walk] ${formatCount(found.symlinks)} symbolic links, not followed`)
    for (const path of found.unreadable) log.say(`[walk] unreadable: ${path}`)
    return found
  })
  const hashing = await reporter.phase('hash', async () => {
    const onFile = (file: { path: string; size_bytes: number; sha256: string }, done: number) => {
      log.note(`[hash] ${file.sha256} ${file.path} ${file.size_bytes}`)
      reporter.countRead(file.size_bytes)
      reporter.progress(`hashing ${file.path}`, done, walk.files.length)
    }
    const hashed = await hashFiles(workspace.folder, walk.files, { onFile, signal })
    log.say(`[hash] ${formatCount(hashed.files.length)} files, ${formatSize(hashed.bytes_read)} read, ${hashed.unreadable.length} unreadable`)
    for (const path of hashed.unreadable) log.note(`[hash] unreadable: ${path}`)
    return hashed
  })
  const kinds = await reporter.phase('kinds', async () => {
    const sums = sumKinds(hashing.files)
    for (const sum of sums) log.say(`[kinds] ${sum.kind}: ${formatCount(sum.files)} files, ${formatSize(sum.size_bytes)}`)
    for (const file of hashing.files) if (file.disguised) log.note(`[kinds] not what the name says: ${file.path} is ${file.kind}`)
    return sums
  })
  const licences = await reporter.phase('licences', async () => {
    const onProgress = (done: number, of: number) => reporter.progress('reading licences', done, of)
    const found = await findLicences(workspace.folder, hashing.files, { onProgress, signal })
    reporter.countRead(found.bytes_read)
    log.say(`[licences] ${formatCount(found.packages)} packages, ${formatCount(found.by_licence.length)} licences`)
    for (const { licence, packages } of found.by_licence) log.note(`[licences] ${licence}: ${packages.join(', ')}`)
    return found
  })
  const duplicates = await reporter.phase('duplicates', async () => {
    const found = findDuplicates(hashing.files)
    log.say(`[duplicates] ${formatCount(found.copies)} copies, ${formatSize(found.wasted_bytes)}`)
    for (const group of found.groups) log.note(`[duplicates] ${group.sha256} ${group.paths.join(' = ')}`)
    return found
  })

  const quotation = await quoteReadme(workspace.folder, hashing.files)
  const facts = { run_id: runId, workspace: workspace.name, quotation, made_at: now.toISOString() }
  const findings: Findings = { ...facts, walk, hashing, kinds, licences, duplicates }
  const report = writeReport(findings)
  await reporter.phase('inventory', () => reporter.upload('inventory.json', writeInventory(findings), 'inventory'))
  await reporter.phase('report', () => reporter.upload('report.md', report, 'report'))
  await reporter.phase('chart', async () => {
    const bars = kinds
      .slice(0, 12)
      .map((sum) => ({ label: sum.kind, value: sum.size_bytes, text: `${formatSize(sum.size_bytes)} in ${formatCount(sum.files)}` }))
    const subtitle = `${workspace.name}: ${formatCount(hashing.files.length)} files, ${formatSize(hashing.bytes_read)}`
    await reporter.upload('charts/bytes-by-kind.png', drawChart('Bytes by kind of file', subtitle, bars), 'chart')
  })
  await reporter.phase('samples', () => reporter.upload('samples/made-up-secrets.txt', plantSecrets(), 'samples'))
  await reporter.begin('publish')
  if (hashing.files.length === 0) {
    log.say('[publish] the folder holds no files: nothing to publish')
    await reporter.upload('logs/run.log', log.read(), 'publish')
    await reporter.end('publish', 'SKIPPED', 'the folder holds no files')
    return false
  }
  const control = await patiently(agent, 'control', () => agent.executor.getControl())
  const proposal = buildListing(findings, report, chooseMode(control))
  agent.state.write({ run_id: runId, phase_id: 'publish', proposal })
  await publishReport(agent, reporter, shop, runId, proposal)
  return true
}

async function announceRun(agent: Agent, workspace: Workspace, runId: string): Promise<void> {
  agent.log.say(`run ${runId}: inventory of ${workspace.folder}`)
  await patiently(agent, 'the run', async () => {
    try {
      await agent.executor.startRun({
        run: {
          run_id: runId,
          name: `Inventory of ${workspace.name}`,
          safety_profile: 'normal',
          run_scope: 'multi_tier',
          uses_model: false,
          token_cap: null,
        },
        tiers: runTiers.map((tier) => ({ ...tier })),
        phases: runPhases.map((phase) => ({ ...phase, task_category: 'inventory' })),
      })
    } catch (error) {
      // Nobody else makes this id: an earlier attempt arrived and its answer was lost.
      if (!(error instanceof ApiProblem && error.code === 'run_exists')) throw error
    }
  })
}
