/**
 * `node verify-audit-log-command.ts [FILE]`: verifies an exported audit log from a file or from standard input, offline.
 * Prints one line and exits with 0 when the log holds, 1 when it does not, 2 when it cannot be read.
 */
import { createReadStream } from 'node:fs'
import { readLines } from './read-lines.ts'
import { verifyAuditLog } from './verify-audit-log.ts'

const [file, ...others] = process.argv.slice(2)
if (others.length > 0 || file?.startsWith('--')) {
  console.error('usage: verify-audit-log-command.ts [FILE]   (without FILE: standard input)')
  process.exit(2)
}

try {
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file)
  const verdict = await verifyAuditLog(readLines(input))
  if (verdict.ok) {
    console.log(`VERIFIED ${verdict.count} events, head ${verdict.head}`)
  } else {
    console.log(`NOT VERIFIED at seq ${verdict.seq}: ${verdict.reason}: ${verdict.detail}`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(`The log cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 2
}
