/**
 * `node scripts/bundle-sizes.ts`: where every kB of the first load and of the decision page goes, from the build's own manifest.
 * Exits 1 above the budget, 2 when there is no build.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

type Chunk = { file: string; isEntry?: boolean; imports?: string[]; css?: string[] }
type Row = { file: string; rawBytes: number; gzipBytes: number }

const firstLoadBudgetBytes = 140_000
const decisionBudgetBytes = 160_000

/** Files of a chunk and of everything it imports before it can run, each once. Throws when the manifest does not name the chunk. */
export function listFiles(manifest: Record<string, Chunk>, start: string): string[] {
  const seen = new Set<string>()
  const files = new Set<string>()
  const waiting = [start]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const chunk = manifest[name]
    if (!chunk) throw new Error(`the manifest does not name ${name}`)
    files.add(chunk.file)
    for (const file of chunk.css ?? []) files.add(file)
    waiting.push(...(chunk.imports ?? []))
  }
  return [...files]
}

/** The file of each descriptor of the catalog. Throws when there is none of its own: it would be hidden in another, in every page's way. */
export function listDescriptors(manifest: Record<string, Chunk>): string[] {
  const names = Object.keys(manifest).filter((name) => name.includes('/action-catalog/descriptors/'))
  if (names.length === 0) throw new Error('the manifest names no descriptor')
  return names.map((name) => manifest[name]!.file)
}

function measure(folder: string, files: readonly string[]): Row[] {
  return files
    .map((file) => {
      const bytes = readFileSync(join(folder, file))
      return { file, rawBytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length }
    })
    .toSorted((a, b) => b.gzipBytes - a.gzipBytes)
}

/** Prints one table and says whether its JavaScript keeps to the budget; styles are printed, but counted apart. */
function report(title: string, rows: readonly Row[], budgetBytes: number): boolean {
  console.log(`\n${title}`)
  for (const row of rows) console.log(`${kb(row.gzipBytes)} gzip ${kb(row.rawBytes)} raw  ${row.file}`)
  const scriptBytes = rows.filter((row) => row.file.endsWith('.js')).reduce((sum, row) => sum + row.gzipBytes, 0)
  const fits = scriptBytes <= budgetBytes
  console.log(`${kb(scriptBytes)} gzip of JavaScript, budget ${kb(budgetBytes).trim()}: ${fits ? 'fits' : 'TOO LARGE'}`)
  return fits
}

function kb(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`.padStart(10)
}

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, '../apps/web/dist')
  const path = join(folder, '.vite/manifest.json')
  if (!existsSync(path)) {
    console.error('There is no build: run `npm run build` first.')
    process.exit(2)
  }
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>
  const entry = listFiles(manifest, 'index.html')
  const withPages = (...pages: string[]) =>
    measure(folder, [...new Set([...entry, ...pages.flatMap((page) => listFiles(manifest, `src/features/${page}`))])])
  const fits = [
    report('First load: sign-in', withPages('sign-in/sign-in-page.tsx'), firstLoadBudgetBytes),
    report('First load: set-up', withPages('sign-in/set-up-page.tsx'), firstLoadBudgetBytes),
    report('First load: Now', withPages('now/now-page.tsx'), firstLoadBudgetBytes),
    report('First load: Runs', withPages('runs/runs-page.tsx'), firstLoadBudgetBytes),
    report('First load: Actions', withPages('actions/actions-page.tsx'), firstLoadBudgetBytes),
    report('First load: one action', withPages('actions/action-page.tsx'), firstLoadBudgetBytes),
    report('First load: a receipt', withPages('receipts/receipt-page.tsx'), firstLoadBudgetBytes),
    report('First load: Audit', withPages('audit/audit-page.tsx'), firstLoadBudgetBytes),
    report('First load: one audit entry', withPages('audit/audit-event-page.tsx'), firstLoadBudgetBytes),
    report('First load: Verify', withPages('audit/verify-page.tsx'), firstLoadBudgetBytes),
    report('First load: Limits', withPages('limits/limits-page.tsx'), firstLoadBudgetBytes),
    report('First load: Brake', withPages('brake/brake-page.tsx'), firstLoadBudgetBytes),
    report('First load: Approvals', withPages('approvals/approvals-page.tsx'), firstLoadBudgetBytes),
    report('Request route, until the request is on screen', withPages('approvals/request-page.tsx'), firstLoadBudgetBytes),
    report('Decision route, until the action is on screen', withPages('approvals/decision-page.tsx'), firstLoadBudgetBytes),
    // The reader of payloads, its view and the dialog of a rejection come beside the bytes, and the descriptor of the action after them;
    // without them nothing can be decided, so they count: the largest descriptor, as any may be shown.
    report(
      'Decision route, until it can be decided',
      [
        ...withPages('approvals/decision-page.tsx', 'approvals/read-proposal.ts', 'approvals/meaning-view.tsx', 'approvals/reject-dialog.tsx'),
        ...measure(folder, listDescriptors(manifest)).slice(0, 1),
      ],
      decisionBudgetBytes,
    ),
    report(
      'Request route, until it can be decided',
      withPages(
        ...['request-page.tsx', 'read-body.ts', 'request-notes.ts', 'request-asked.tsx', 'reject-dialog.tsx'].map((file) => `approvals/${file}`),
      ),
      decisionBudgetBytes,
    ),
  ]
  process.exit(fits.every(Boolean) ? 0 : 1)
}
