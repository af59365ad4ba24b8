import type { Duplicates } from './find-duplicates.ts'
import type { Quotation } from './quote-readme.ts'
import type { Licences } from './find-licences.ts'
import { formatCount, formatSize } from './format-size.ts'
import type { HashedFile, Hashing } from './hash-files.ts'
import { fileKinds } from './recognize-kind.ts'
import type { FileKind } from './recognize-kind.ts'
import type { Walk } from './walk-workspace.ts'

export type KindFigures = { kind: FileKind; files: number; size_bytes: number }
export type Findings = {
  run_id: string
  workspace: string
  /** What the folder says of itself. */
  quotation: Quotation | null
  made_at: string
  walk: Walk
  hashing: Hashing
  kinds: KindFigures[]
  licences: Licences
  duplicates: Duplicates
}

/** What of the inventory fits into one artifact, with room for the names of the fields. */
const inventoryLimitBytes = 20 * 1000 ** 2

/** Files and bytes of each kind that occurs, most bytes first. */
export function sumKinds(files: readonly HashedFile[]): KindFigures[] {
  return fileKinds
    .map((kind) => {
      const ofKind = files.filter((file) => file.kind === kind)
      return { kind, files: ofKind.length, size_bytes: ofKind.reduce((sum, file) => sum + file.size_bytes, 0) }
    })
    .filter((figures) => figures.files > 0)
    .toSorted((a, b) => b.size_bytes - a.size_bytes)
}

/** The inventory as JSON text, one file a line; files that would make it larger than 20 MB are counted instead. */
export function writeInventory(findings: Findings): string {
  const { walk, hashing, kinds, licences, duplicates } = findings
  const lines: string[] = []
  let size = 0
  for (const { path, size_bytes, sha256, kind } of hashing.files) {
    const line = JSON.stringify({ path, size_bytes, sha256, kind })
    size += Buffer.byteLength(line) + 2
    if (size > inventoryLimitBytes) break
    lines.push(line)
  }
  const head = {
    run_id: findings.run_id,
    workspace: findings.workspace,
    made_at: findings.made_at,
    totals: { files: hashing.files.length, size_bytes: hashing.bytes_read, folders: walk.folders, symlinks_not_followed: walk.symlinks },
    stopped_at: walk.stopped_at,
    unreadable: [...walk.unreadable, ...hashing.unreadable],
    kinds,
    licences: licences.by_licence,
    packages_without_licence: licences.undeclared,
    duplicates: { copies: duplicates.copies, wasted_bytes: duplicates.wasted_bytes, largest_groups: duplicates.groups.slice(0, 100) },
    files_left_out: hashing.files.length - lines.length,
  }
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`
}

/** The report that is offered to the shop, in Markdown. */
export function writeReport(findings: Findings): string {
  const { walk, hashing, kinds, licences, duplicates } = findings
  const unreadable = [...walk.unreadable, ...hashing.unreadable]
  const disguised = hashing.files.filter((file) => file.disguised)
  const largest = [...hashing.files].toSorted((a, b) => b.size_bytes - a.size_bytes).slice(0, 15)
  return [
    `# Inventory of ${findings.workspace}`,
    `Made ${findings.made_at} by run \`${findings.run_id}\`. Every file was read once and hashed with SHA-256; symbolic links were not followed.`,
    findings.quotation === null ? '' : `Its ${escapeCell(findings.quotation.path)} begins: “${escapeCell(findings.quotation.sentence)}”`,
    toTable(
      ['figure', 'value'],
      [
        ['files', formatCount(hashing.files.length)],
        ['bytes', `${formatSize(hashing.bytes_read)} (${formatCount(hashing.bytes_read)})`],
        ['folders', formatCount(walk.folders)],
        ['symbolic links, not followed', formatCount(walk.symlinks)],
        ['unreadable', formatCount(unreadable.length)],
        ['packages', formatCount(licences.packages)],
        ['licences', formatCount(licences.by_licence.length)],
        ['copies of other files', `${formatCount(duplicates.copies)} (${formatSize(duplicates.wasted_bytes)})`],
      ],
    ),
    walk.stopped_at === null ? 'The whole folder was seen.' : `**The walk stopped at its bound of ${walk.stopped_at}; there is more in the folder.**`,
    '## Kinds of file',
    toTable(
      ['kind', 'files', 'size'],
      kinds.map(({ kind, files, size_bytes }) => [kind, formatCount(files), formatSize(size_bytes)]),
    ),
    '## Licences',
    `As declared by ${formatCount(licences.packages)} packages; ${formatCount(licences.undeclared.length)} declare none.`,
    toTable(
      ['licence', 'packages', 'for example'],
      licences.by_licence.map(({ licence, packages }) => [licence, formatCount(packages.length), packages.slice(0, 3).join(', ')]),
    ),
    'Licence texts that were recognised by their wording:',
    toTable(
      ['text', 'files'],
      Object.entries(licences.texts)
        .toSorted(([, a], [, b]) => b - a)
        .map(([licence, count]) => [licence, formatCount(count)]),
    ),
    licences.unrecognized_texts.length > 0
      ? `${formatCount(licences.unrecognized_texts.length)} texts were not recognised:\n\n${toList(licences.unrecognized_texts, 10)}`
      : '',
    '## Copies',
    toTable(
      ['wasted', 'copies', 'first of them'],
      duplicates.groups.slice(0, 15).map((group) => [formatSize(group.wasted_bytes), formatCount(group.paths.length - 1), group.paths[0]!]),
    ),
    '## Largest files',
    toTable(
      ['size', 'path'],
      largest.map((file) => [formatSize(file.size_bytes), file.path]),
    ),
    disguised.length > 0
      ? `## Not what the name says\n\n${toList(
          disguised.map((file) => `${file.path} is ${file.kind}`),
          20,
        )}`
      : '',
    unreadable.length > 0 ? `## Unreadable\n\n${toList(unreadable, 20)}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function toTable(head: string[], rows: string[][]): string {
  if (rows.length === 0) return 'None.'
  const line = (cells: string[]) => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

function toList(items: readonly string[], limit: number): string {
  const shown = items.slice(0, limit).map((item) => `- ${escapeCell(item)}`)
  return (items.length > limit ? [...shown, `- and ${formatCount(items.length - limit)} more`] : shown).join('\n')
}

/** File and package names are other people's text. */
function escapeCell(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/[\\|<>[\]`*_]/g, '\\$&')
}
