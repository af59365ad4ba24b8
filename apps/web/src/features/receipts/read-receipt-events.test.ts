import { describe, expect, it } from 'vitest'
import { readReceiptEvents } from './read-receipt-events.ts'

const event = {
  event_type: 'external_action.approved',
  at: '2026-11-23T10:00:00.000Z',
  auth_principal_id: 'op_1',
  auth_principal_name: 'Mira',
  result_status: 'APPROVED',
}

describe('readReceiptEvents', () => {
  it('reads the events with their places', () => {
    const file = JSON.stringify({ audit: [{ seq: 7, prev: '0', hash: 'ab', event: JSON.stringify({ ...event, more: 1 }), path: [] }] })
    expect(readReceiptEvents(file)).toEqual([{ seq: 7, hash: 'ab', ...event }])
  })

  it.each(['', '{', '{"audit":7}', '{"audit":[{"seq":1,"hash":"a","event":"{"}]}'])('has none of what is no receipt: %s', (file) => {
    expect(readReceiptEvents(file)).toEqual([])
  })
})
