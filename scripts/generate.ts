/**
 * `npm run generate`: writes what derives from the contract, the environment's variables, and the policy. With `--check` it
 * writes nothing and fails when a document is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { auditEventSchemaDocument } from './generate/audit-event-schema.ts'
import { contractDocument } from './generate/contract-document.ts'
import { configurationTable } from './generate/configuration-table.ts'
import { governanceDocument } from './generate/governance-document.ts'
import { openApiDocument } from './generate/open-api-document.ts'

const check = process.argv.includes('--check')
const readme = readFileSync('README.md', 'utf8')
const wanted: Record<string, string> = {
  'docs/openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  'docs/audit-event.schema.json': `${JSON.stringify(auditEventSchemaDocument(), null, 2)}\n`,
  'docs/CANONICAL_API_CONTRACT.md': contractDocument(),
  'docs/GOVERNANCE.md': governanceDocument(),
  'README.md': [
    ['configuration', configurationTable()],
    ['executor.ts', code('ts', 'docs/examples/executor.ts')],
    ['executor.sh', code('sh', 'docs/examples/executor.sh')],
  ].reduce((text, [name, replacement]) => between(text, name!, replacement!), readme),
}

const stale = Object.entries(wanted).filter(([file, text]) => read(file) !== text)
for (const [file, text] of stale) {
  if (check) process.stderr.write(`${file} is not current\n`)
  else writeFileSync(file, text)
}
if (check && stale.length > 0) process.exitCode = 1

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function code(language: string, file: string): string {
  return `\`\`\`${language}\n${readFileSync(file, 'utf8').trimEnd()}\n\`\`\``
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function between(text: string, name: string, replacement: string): string {
  const open = `<!-- ${name} -->`
  const close = `<!-- /${name} -->`
  const from = text.indexOf(open)
  const to = text.indexOf(close)
  if (from === -1 || to < from) throw new Error(`README.md has no ${open} … ${close}`)
  return `${text.slice(0, from + open.length)}\n\n${replacement}\n${text.slice(to)}`
}
