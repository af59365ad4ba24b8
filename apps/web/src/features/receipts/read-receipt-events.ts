import * as z from 'zod/mini'

const fileSchema = z.object({ audit: z.array(z.object({ seq: z.int(), hash: z.string(), event: z.string() })) })
const eventSchema = z.object({
  event_type: z.string(),
  at: z.string(),
  auth_principal_id: z.string(),
  auth_principal_name: z.nullable(z.string()),
  result_status: z.string(),
})

export type ReceiptEvent = { seq: number; hash: string } & z.infer<typeof eventSchema>

/** The audit events in the file of a receipt, for the list of them; none where it cannot be read. Whether they are true the verifier says. */
export function readReceiptEvents(file: string): ReceiptEvent[] {
  try {
    return z.parse(fileSchema, JSON.parse(file)).audit.map(({ seq, hash, event }) => ({ seq, hash, ...z.parse(eventSchema, JSON.parse(event)) }))
  } catch {
    return []
  }
}
