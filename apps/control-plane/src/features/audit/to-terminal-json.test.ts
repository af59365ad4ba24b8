import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { firstPrev, auditHash } from '@autopack/approval-proof/audit-hash'
import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import { expect, test } from 'vitest'
import { toTerminalJson } from './to-terminal-json.ts'

test('a line of the log for a terminal has no control, no turn of direction and nothing hidden, and verifies as it did', async () => {
  const reason = '\u001b[2J \u007f \u009b31m \u200b \u202e \u2028 \ufeff \u{e0041} tab\t 💥 ümläut'
  const event = { reason }
  const line = `{"seq":1,"prev":"${firstPrev}","hash":"${auditHash(1, firstPrev, event as never)}","event":${canonicalize(event)}}\n`
  const shown = toTerminalJson(line)
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(shown).toContain('💥 ümläut')
  expect(JSON.parse(shown)).toEqual(JSON.parse(line))
  expect((await verifyAuditLog(shown.split('\n'))).ok).toBe(true)
})
