import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { listPathNames } from '@autopack/approval-proof/fill-path'
import * as z from 'zod/mini'
import { descriptorSchema } from './descriptor-schema.ts'
import { toReasons } from './to-reasons.ts'

/** `path` is a JSON pointer into the file. */
export type CatalogProblem = { file: string; path: string; reason: string }

/**
 * Checks descriptor files: each one's shape, what must hold between its parts, and what must hold between descriptors. `switches`: the
 * kill switches that exist. Answers with all problems at once, so that a broken catalog can be mended in one go.
 */
export function readCatalog(
  files: ReadonlyArray<{ file: string; value: unknown }>,
  switches: readonly string[],
): { ok: true; catalog: Descriptor[] } | { ok: false; problems: CatalogProblem[] } {
  const catalog: Descriptor[] = []
  const problems: CatalogProblem[] = []
  const undos: Array<{ file: string; undo: Descriptor['undo'] }> = []
  const firstFile = new Map<string, string>()
  for (const { file, value } of files) {
    const parsed = z.safeParse(descriptorSchema, value)
    if (!parsed.success) {
      for (const [path, reason] of parsed.error.issues.flatMap(toReasons)) problems.push({ file, path, reason })
      continue
    }
    const descriptor = parsed.data
    for (const [path, reason] of listContradictions(file, descriptor)) problems.push({ file, path, reason })
    const earlier = firstFile.get(descriptor.id)
    if (!switches.includes(descriptor.kill_switch)) {
      problems.push({ file, path: '/kill_switch', reason: `must be a switch that exists: ${switches.join(', ')}` })
    }
    if (earlier !== undefined) problems.push({ file, path: '/id', reason: `is described by ${earlier} already` })
    firstFile.set(descriptor.id, file)
    undos.push({ file, undo: descriptor.undo })
    catalog.push(descriptor)
  }
  // A descriptor that has problems of its own is still there to undo another.
  const described = new Set(files.map(({ file }) => file))
  for (const { file, undo } of undos) {
    if (undo.kind === 'compensate' && !described.has(`${undo.operation}.json`)) {
      problems.push({ file, path: '/undo/operation', reason: `must be described too: there is no ${undo.operation}.json` })
    }
  }
  return problems.length === 0 ? { ok: true, catalog } : { ok: false, problems }
}

function listContradictions(file: string, descriptor: Descriptor): Array<[path: string, reason: string]> {
  const found: Array<[string, string]> = []
  if (descriptor.id !== `${descriptor.provider}.${descriptor.operation}`) {
    found.push(['/id', 'must be provider.operation'])
  }
  if (file !== `${descriptor.id}.json`) found.push(['/id', `must be the name of the file: ${descriptor.id}.json`])
  const { medium, high, critical } = descriptor.risk_levels
  if (!(medium < high && high < critical)) found.push(['/risk_levels', 'must rise: medium < high < critical'])
  found.push(...listRequestContradictions(descriptor), ...listTierContradictions(descriptor), ...listFieldContradictions(descriptor))
  found.push(...listSentenceContradictions(descriptor))
  for (const [place, { sent }] of (descriptor.verify?.fields ?? []).entries()) {
    if (!descriptor.fields.some((field) => field.path === sent)) {
      found.push([`/verify/fields/${place}/sent`, 'must be the path of a field'])
    }
  }
  return found
}

function listRequestContradictions({ request, fields, verify }: Descriptor): Array<[string, string]> {
  const found: Array<[string, string]> = []
  const targets = new Set(fields.filter((field) => field.role === 'target').map((field) => field.path))
  for (const name of listPathNames(request.path)) {
    if (!targets.has(`/target/${name}`))
      found.push(['/request/path', `{${name}} must be a field of the target: /target/${name} with the role target`])
  }
  for (const name of listPathNames(verify?.path ?? '')) {
    if (name !== 'external_object_id' && !targets.has(`/target/${name}`)) {
      found.push(['/verify/path', `{${name}} must be external_object_id or a field of the target`])
    }
  }
  for (const [place, { path, wire }] of fields.entries()) {
    if (!path.startsWith('/request/body')) continue
    if (request.method === 'GET') found.push([`/fields/${place}/path`, 'cannot lie in a body: a GET has none'])
    if (request.encoding !== 'form') continue
    if (!/^\/request\/body\/[^/*]+(?:\/\*)?$/.test(path))
      found.push([`/fields/${place}/path`, 'is too deep for a form: a member of the body, or the items of one'])
    if (wire !== undefined) found.push([`/fields/${place}/wire`, 'has no meaning in a form: everything in it is text'])
  }
  return found
}

function listTierContradictions({ tier, request, grant, fee, undo }: Descriptor): Array<[string, string]> {
  const found: Array<[string, string]> = []
  if ((tier === 'A') !== (request.method === 'GET')) {
    found.push(['/request/method', tier === 'A' ? 'must be GET: tier A only reads' : `must not be GET in tier ${tier}: what only reads is tier A`])
  }
  if ((tier === 'A') !== (undo.kind === 'nothing')) {
    found.push(['/undo/kind', tier === 'A' ? 'must be nothing: tier A only reads' : 'can be nothing only in tier A'])
  }
  if ((tier === 'C') !== (grant === null)) {
    found.push([
      '/grant',
      tier === 'C' ? 'must be null: tier C is decided by people' : `is required: nobody decides about tier ${tier}, its bounds do`,
    ])
  }
  if (grant === null) return found
  for (const [currency, cost] of Object.entries(grant.max_cost_minor)) {
    if ((grant.cost_minor_per_day[currency] ?? -1) < cost) {
      found.push([`/grant/cost_minor_per_day/${currency}`, 'must allow at least what max_cost_minor allows for one action'])
    }
  }
  if (fee !== null && (grant.max_cost_minor[fee.currency] ?? 0) < fee.amount_minor) {
    found.push(['/grant/max_cost_minor', 'must cover the fee, or the grant allows nothing'])
  }
  return found
}

function listFieldContradictions(descriptor: Descriptor): Array<[string, string]> {
  const found: Array<[string, string]> = []
  const paths = new Set<string>()
  for (const [place, field] of descriptor.fields.entries()) {
    const at = `/fields/${place}`
    if (paths.has(field.path)) found.push([`${at}/path`, 'is explained twice'])
    paths.add(field.path)
    if ((field.format === 'money') !== (field.currency_at !== undefined)) {
      found.push([`${at}/currency_at`, 'belongs to every money field, and to no other'])
    }
    const currency = descriptor.fields.find((other) => other.path === field.currency_at)
    if (field.currency_at !== undefined && currency?.format !== 'currency') {
      found.push([`${at}/currency_at`, 'must be the path of a currency field'])
    }
    if (field.wire === 'number' && (field.format !== 'decimal' || !field.path.startsWith('/request/body'))) {
      found.push([`${at}/wire`, 'belongs to decimal fields of the request body only'])
    }
  }
  if (!descriptor.fields.some((field) => field.role === 'target')) {
    found.push(['/fields', 'must name a target: nobody approves an action without knowing where'])
  }
  return found
}

function listSentenceContradictions(descriptor: Descriptor): Array<[string, string]> {
  const found: Array<[string, string]> = []
  const inSentence = new Set([...descriptor.sentence.matchAll(/\{([a-z_]+)\}/g)].map((match) => match[1]))
  if (/[{}]/.test(descriptor.sentence.replaceAll(/\{[a-z_]+\}/g, ''))) {
    found.push(['/sentence', 'has a brace that belongs to no {slot}'])
  }
  const filled = new Set<string>()
  for (const [place, field] of descriptor.fields.entries()) {
    if (field.slot === undefined) continue
    const at = `/fields/${place}/slot`
    if (!inSentence.has(field.slot)) found.push([at, 'does not appear in the sentence'])
    if (filled.has(field.slot)) found.push([at, 'is filled twice'])
    if (field.path.includes('*')) found.push([at, 'cannot be filled by a list'])
    filled.add(field.slot)
  }
  for (const slot of inSentence) {
    if (slot !== undefined && !filled.has(slot)) found.push(['/sentence', `{${slot}} is filled by no field`])
  }
  return found
}
