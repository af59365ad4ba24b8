import { createHash } from 'node:crypto'
import type { Payload } from '@autopack/approval-proof/payload'
import type { ControlInForce } from '@autopack/contract/control'
import { formatCount, formatSize } from './format-size.ts'
import type { Findings } from './write-report.ts'

/** What the shop takes for a listing, as its own price list says; it is part of what gets approved. */
const listingFee = { amount_minor: 20, currency: 'USD' }

/** `Inventory of harbour: 12,345 files, 41 licences`, at most 140 characters. */
export function buildTitle(findings: Findings): string {
  const figures = `${counted(findings.hashing.files.length, 'file')}, ${counted(findings.licences.by_licence.length, 'licence')}`
  return `Inventory of ${findings.workspace.slice(0, 90)}: ${figures}`
}

/** `1 file`, `12,345 files`. */
function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** Live only when everything that must be on is on and dry run is off, as the control plane says right now. */
export function chooseMode(control: ControlInForce): Payload['mode'] {
  const on = control.external_actions_enabled && control.kill_switches.DEMO_SHOP_PUBLISH === true && !control.dry_run
  return on ? 'live' : 'dry_run'
}

/** The proposal: this report as a listing in the demo shop, bound to the report by its hash. */
export function buildListing(findings: Findings, report: string, mode: Payload['mode']): Omit<Payload, 'v'> {
  const { hashing, licences, duplicates, walk, quotation } = findings
  const common = licences.by_licence.slice(0, 3).map(({ licence, packages }) => `${licence} ${formatCount(packages.length)}`)
  const sentences = [
    `A complete inventory of ${findings.workspace}: ${counted(hashing.files.length, 'file')} (${formatSize(hashing.bytes_read)}) in ${counted(walk.folders, 'folder')}, each hashed with SHA-256.`,
    quotation === null ? '' : `Its ${quotation.path} begins: “${quotation.sentence}”`,
    `${counted(licences.packages, 'package')} under ${counted(licences.by_licence.length, 'licence')}${common.length > 0 ? ` (${common.join(', ')})` : ''}; ${counted(licences.undeclared.length, 'declares', 'declare')} none.`,
    `${counted(duplicates.copies, 'file is a copy', 'files are copies')} of others and ${duplicates.copies === 1 ? 'takes' : 'take'} ${formatSize(duplicates.wasted_bytes)}.`,
    walk.stopped_at === null ? '' : `The walk stopped at its bound of ${walk.stopped_at}.`,
  ]
  return {
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode,
    cost: listingFee,
    request: {
      method: 'POST',
      path: '/api/listings',
      body: {
        title: buildTitle(findings),
        description: sentences.filter((sentence) => sentence !== '').join('\n'),
        // A tenth of a cent a file, but not less than a dollar.
        price: { amount_minor: Math.max(100, Math.round(hashing.files.length / 10)), currency: 'USD' },
        quantity: 25,
        report_sha256: createHash('sha256').update(report).digest('hex'),
        tags: ['inventory', 'licences', 'sha-256', ...licences.by_licence.slice(0, 3).map(({ licence }) => licence.slice(0, 60))],
      },
    },
    files: [],
  }
}
