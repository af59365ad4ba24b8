import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { toPayloadText } from '@autopack/approval-proof/payload'
import { readExecutorKey } from '@autopack/server-kit/executor-key'
import { expect, test } from 'vitest'
import { openAgentLog } from './agent-log.ts'
import { openStateFile } from './agent-state.ts'
import { buildListing, buildTitle, chooseMode } from './build-listing.ts'
import { drawChart } from './draw-chart.ts'
import { formatCount, formatSize } from './format-size.ts'
import { plantSecrets } from './plant-secrets.ts'
import { sumKinds, writeInventory, writeReport } from './write-report.ts'
import type { Findings } from './write-report.ts'

function buildFindings(paths: string[] = ['src/app.ts', 'README.md']): Findings {
  const files = paths.map((path) => ({ path, size_bytes: 1_500, sha256: 'c'.repeat(64), kind: 'source' as const, disguised: false }))
  return {
    run_id: 'demo-1',
    workspace: 'harbour',
    quotation: { path: 'README.md', sentence: 'Counts ships.' },
    made_at: '2026-11-22T12:00:00.000Z',
    walk: { files, size_bytes: 3_000, folders: 2, symlinks: 1, unreadable: ['secret (EACCES)'], stopped_at: null },
    hashing: { files, bytes_read: 3_000, unreadable: [] },
    kinds: sumKinds(files),
    licences: {
      by_licence: [{ licence: 'MIT', packages: ['a@1'] }],
      packages: 2,
      undeclared: ['b'],
      texts: { MIT: 1 },
      unrecognized_texts: [],
      bytes_read: 10,
    },
    duplicates: { groups: [], copies: 0, wasted_bytes: 0 },
  }
}

test('the inventory is JSON with every file and the totals', () => {
  const inventory = JSON.parse(writeInventory(buildFindings())) as { files: unknown[]; totals: unknown; files_left_out: number }
  expect(inventory.files).toHaveLength(2)
  expect(inventory.totals).toMatchObject({ files: 2, size_bytes: 3_000 })
  expect(inventory.files_left_out).toBe(0)
  expect(JSON.parse(writeInventory(buildFindings([])))).toMatchObject({ files: [] })
})

test('an inventory that would not fit into one artifact says how many files it leaves out', () => {
  const paths = Array.from({ length: 120_000 }, (_, place) => `a/rather/long/path/so/that/twenty/megabytes/are/soon/full/${place}.ts`)
  const text = writeInventory(buildFindings(paths))
  const inventory = JSON.parse(text) as { files: unknown[]; files_left_out: number }
  expect(text.length).toBeLessThan(22_000_000)
  expect(inventory.files_left_out).toBeGreaterThan(0)
  expect(inventory.files.length + inventory.files_left_out).toBe(120_000)
})

test('names in the report cannot become markup or a second row', () => {
  const report = writeReport(buildFindings(['evil | <script>\n| row.ts']))
  expect(report).toContain('evil \\| \\<script\\> \\| row.ts')
  expect(report).toContain('1 symbolic links'.slice(2))
  expect(report).toContain('secret (EACCES)')
})

test('the chart is a PNG whose pixels have the size that it states', () => {
  const png = Buffer.from(drawChart('Bytes', 'harbour', [{ label: 'source', value: 3, text: '3 B' }]))
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  const dataLength = png.readUInt32BE(33)
  expect(png.toString('latin1', 37, 41)).toBe('IDAT')
  const rows = inflateSync(png.subarray(41, 41 + dataLength))
  expect(rows.length).toBe((width * 3 + 1) * height)
  expect(new Set(rows).size).toBeGreaterThan(5)
  expect(drawChart('Bytes', 'nothing', []).length).toBeGreaterThan(500)
})

test('the planted secrets are the same in every run, and none of them stands in the source', () => {
  const text = plantSecrets()
  expect(plantSecrets()).toBe(text)
  const key = /apk_[0-9a-f]{12}_[0-9a-f]{64}_[0-9a-f]{8}/.exec(text)?.[0]
  expect(readExecutorKey(key!)).not.toBeNull()
  const source = readFileSync(join(import.meta.dirname, 'plant-secrets.ts'), 'utf8')
  for (const word of text.match(/[A-Za-z0-9]{20,}/g) ?? []) expect(source).not.toContain(word)
})

test('the listing is a canonical payload that names the report by its hash, with a title of figures', () => {
  const findings = buildFindings()
  const report = writeReport(findings)
  const listing = buildListing(findings, report, 'live')
  expect(() => toPayloadText({ v: 1, ...listing })).not.toThrow()
  expect(buildTitle(findings)).toBe('Inventory of harbour: 2 files, 1 licence')
  expect(report).toContain('Its README.md begins: “Counts ships.”')
  expect(listing.request.body).toMatchObject({ description: expect.stringContaining('\nIts README.md begins: “Counts ships.”\n') as string })
  expect(listing.request.body).toMatchObject({ report_sha256: createHash('sha256').update(report).digest('hex'), price: { amount_minor: 100 } })
  expect(buildTitle({ ...findings, workspace: 'x'.repeat(500) }).length).toBeLessThanOrEqual(140)
})

test('the mode is live only when everything is on', () => {
  const kill_switches = { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false, TRADING_ORDERS: false, DEMO_SHOP_PUBLISH: true }
  const on = {
    external_actions_enabled: true,
    dry_run: false,
    brake_engaged: false,
    brakes: [],
    kill_switches,
    caps: [],
    version: 1,
    now: '2026-11-22T12:00:00.000Z',
  }
  expect(chooseMode(on)).toBe('live')
  expect(chooseMode({ ...on, dry_run: true })).toBe('dry_run')
  expect(chooseMode({ ...on, external_actions_enabled: false })).toBe('dry_run')
  expect(chooseMode({ ...on, kill_switches: { ...kill_switches, DEMO_SHOP_PUBLISH: false } })).toBe('dry_run')
})

test('sizes and counts read the same on every machine', () => {
  expect([formatSize(999), formatSize(1_500), formatSize(2_100_000_000), formatCount(1_234_567), formatCount(12)]).toEqual([
    '999 B',
    '1.5 kB',
    '2.1 GB',
    '1,234,567',
    '12',
  ])
})

test('the log goes on after a restart, and a line break in a name does not make a line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-log-'))
  try {
    const now = () => new Date('2026-11-22T12:00:00.000Z')
    openAgentLog(join(folder, 'run.log'), now).note('lost unless read')
    const first = openAgentLog(join(folder, 'run.log'), now)
    first.note('a\nb \u001b[31m')
    first.read()
    const second = openAgentLog(join(folder, 'run.log'), now)
    second.note('again')
    expect(Buffer.from(second.read()).toString()).toBe('2026-11-22T12:00:00.000Z a\\nb \\u001b[31m\n2026-11-22T12:00:00.000Z again\n')
    second.remove()
    expect(second.read()).toEqual(new Uint8Array(0))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the state is read back whole, and a broken file counts as none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-state-'))
  try {
    const state = openStateFile(join(folder, 'state.json'))
    expect(state.read()).toBeNull()
    state.write({ run_id: 'demo-1', phase_id: 'publish', proposal: buildListing(buildFindings(), '', 'live') })
    expect(openStateFile(join(folder, 'state.json')).read()).toEqual(state.read())
    state.write({} as never)
    expect(state.read()).toBeNull()
    state.clear()
    expect(state.read()).toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
