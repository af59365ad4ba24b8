import { expect, test } from 'vitest'
import { describeEvidence } from './describe-evidence.ts'

const at = '2026-11-23T10:00:00.000Z'
const checkpoint = { size: 9, time: at, head: 'ab'.repeat(32), key_id: '01020304', received_at: at }

test('Every page says when the log is not written, and when it is not signed any more', () => {
  expect(describeEvidence({ stopped: null, late: null })).toBeNull()
  expect(describeEvidence({ stopped: null, late: { since: at, detail: null } })?.title).toBe('Nothing is signed')
  const late = { since: at, detail: 'the log differs' }
  expect(describeEvidence({ stopped: { reason: 'ahead', checkpoint, log_size: 5 }, late })).toEqual({
    title: 'Nothing is written',
    text: 'the audit log is shorter than what was signed, so every change is refused.',
  })
  expect(describeEvidence({ stopped: { reason: 'disagrees', checkpoint, log_size: 9 }, late: null })?.text).toContain('another one')
})
