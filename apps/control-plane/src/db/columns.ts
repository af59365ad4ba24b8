/** Column kinds that both databases read the same way. */
import { customType, timestamp } from 'drizzle-orm/pg-core'

/** Bytes: pg gives a Buffer, PGlite a Uint8Array; this is always a Buffer. */
export const bytea = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value),
})

/** A moment in UTC with milliseconds, so that a cursor holds exactly what the row holds. */
export function moment(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
}
