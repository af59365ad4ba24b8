import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { auditEventSchema } from './audit.ts'

test('an event is of a type that is declared: the set is closed', () => {
  const isType = (type: string) => z.safeParse(auditEventSchema.shape.event_type, type).success
  expect([isType('clock.accepted'), isType('clock.wound'), isType('')]).toEqual([true, false, false])
})
