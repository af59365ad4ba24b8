/** What no linter knows about this project: names that say nothing, re-exports, and hosts of package registries in files. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

const emptyNames = /^(utils?|helpers?|misc|common|manager|service|handler|base|types|index)\.(ts|tsx|mjs|js|css|sql)$/
const reExport = /^\s*export\s+(\*|(type\s+)?\{[^}]*\})\s*(as\s+\w+\s+)?from\s/m
const registry = /https?:\/\/(registry\.[a-z.]+|[a-z.]*npmjs\.(org|com))/

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\n')
const problems: string[] = []
for (const file of listed) {
  if (!/\.(ts|tsx|mjs|js|css|sql|json|yaml|yml|md)$/.test(file) || !existsSync(file)) continue
  if (emptyNames.test(basename(file))) problems.push(`${file}: the name says nothing about what is in it`)
  const text = readFileSync(file, 'utf8')
  if (/^(apps|packages|scripts|e2e|bench)\//.test(file) && /\.tsx?$/.test(file) && reExport.test(text))
    problems.push(`${file}: re-exports; import the file that has the thing`)
  if (registry.test(text)) problems.push(`${file}: names the host of a package registry`)
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exitCode = 1
}
