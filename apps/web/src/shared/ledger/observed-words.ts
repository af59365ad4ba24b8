import type { Observation } from '@autopack/contract/external-actions'

type Field = Observation['fields'][number]

/** Fields that differ or are missing first, as they came; the rest is proven equal. */
export function splitFields(fields: readonly Field[]): { off: Field[]; equal: Field[] } {
  return { off: fields.filter((field) => field.same !== true), equal: fields.filter((field) => field.same === true) }
}

/** `1 of 33 fields differs`, `32 fields equal, 1 not found`; never more certain than what was compared. */
export function toObservedWords({ fields }: Pick<Observation, 'fields'>): string {
  const differ = fields.filter((field) => field.same === false).length
  const missing = fields.filter((field) => field.same === null).length
  const equal = fields.length - differ - missing
  if (fields.length === 0) return 'no field was compared'
  const parts = [
    differ > 0 ? `${differ} of ${toFields(fields.length)} ${differ === 1 ? 'differs' : 'differ'}` : null,
    equal > 0 && differ === 0 ? `${equal === fields.length && equal > 1 ? 'all ' : ''}${toFields(equal)} equal` : null,
    missing > 0 ? `${missing} not found there` : null,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

function toFields(count: number): string {
  return `${count} ${count === 1 ? 'field' : 'fields'}`
}
