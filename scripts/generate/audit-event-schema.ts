/** JSON Schema (2020-12) of an audit event: its members from the contract, and for each type those that it has always. */
import { auditEventSchema } from '@autopack/contract/audit'
import { listAlways } from '@autopack/contract/audit-event-members'
import { auditEventMeanings } from '@autopack/contract/audit-event-meanings'
import { auditEventTypeNames } from '@autopack/contract/audit-event-types'
import * as z from 'zod/mini'

export function auditEventSchemaDocument(): object {
  const { $schema, ...shape } = z.toJSONSchema(auditEventSchema, { target: 'draft-2020-12' }) as Record<string, unknown>
  return {
    $schema,
    $id: 'urn:autopack:audit-event',
    title: 'An event of the audit log',
    description: 'The member `event` of each line of an export. Generated from packages/contract (npm run generate).',
    ...shape,
    allOf: auditEventTypeNames.map((type) => {
      const always = listAlways(type)
      return {
        $comment: auditEventMeanings[type],
        if: { properties: { event_type: { const: type } }, required: ['event_type'] },
        // oxlint-disable-next-line unicorn/no-thenable -- the word of JSON Schema
        then: { required: always, properties: Object.fromEntries(always.map((name) => [name, { $ref: '#/$defs/something' }])) },
      }
    }),
    $defs: { something: { not: { enum: [null, '', []] } } },
  }
}
