import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { toPointer } from '@autopack/approval-proof/canonical-profile'
import * as z from 'zod/mini'
import { descriptorSchema } from './descriptor-schema.ts'

/** `path` is a JSON pointer into the file. */
export type CatalogProblem = { file: string; path: string; reason: string }

/**
 * Checks descriptor files: each one's shape, what must hold between its parts, and that no two describe the same action.
 * Answers with all problems at once, so that a broken catalog can be mended in one go.
 */
export function readCatalog(
  files: ReadonlyArray<{ file: string; value: unknown }>,
): { ok: true; catalog: Descriptor[] } | { ok: false; problems: CatalogProblem[] } {
  const catalog: Descriptor[] = []
  const problems: CatalogProblem[] = []
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
    if (earlier !== undefined) problems.push({ file, path: '/id', reason: `is described by ${earlier} already` })
    firstFile.set(descriptor.id, file)
    catalog.push(descriptor)
  }
  return problems.length === 0 ? { ok: true, catalog } : { ok: false, problems }
}

/** zod/mini carries no words of its own, and a server that refuses to start must say what to mend. */
function toReasons(issue: z.core.$ZodIssue): Array<[path: string, reason: string]> {
  const path = toPointer(issue.path.map(String))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => [`${path}${toPointer([key])}`, 'is unknown'])
    case 'invalid_type':
      return [[path, `is missing or not of type ${issue.expected}`]]
    case 'invalid_value':
      return [[path, `must be ${issue.values.map(String).join(' or ')}`]]
    case 'too_small':
      return [[path, issue.origin === 'int' || issue.origin === 'number' ? `must be at least ${issue.minimum}` : issue.message]]
    case 'too_big':
      return [[path, issue.origin === 'int' || issue.origin === 'number' ? `must be at most ${issue.maximum}` : issue.message]]
    default:
      return [[path, issue.message]]
  }
}

function listContradictions(file: string, descriptor: Descriptor): Array<[path: string, reason: string]> {
  const found: Array<[string, string]> = []
  if (descriptor.id !== `${descriptor.provider}.${descriptor.operation}`) {
    found.push(['/id', 'must be provider.operation'])
  }
  if (file !== `${descriptor.id}.json`) found.push(['/id', `must be the name of the file: ${descriptor.id}.json`])
  const { medium, high, critical } = descriptor.risk_levels
  if (!(medium < high && high < critical)) found.push(['/risk_levels', 'must rise: medium < high < critical'])
  found.push(...listFieldContradictions(descriptor), ...listSentenceContradictions(descriptor))
  for (const [place, { sent }] of (descriptor.verify?.fields ?? []).entries()) {
    if (!descriptor.fields.some((field) => field.path === sent)) {
      found.push([`/verify/fields/${place}/sent`, 'must be the path of a field'])
    }
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
