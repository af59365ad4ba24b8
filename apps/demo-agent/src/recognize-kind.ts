export const fileKinds = [
  'source',
  'type declarations',
  'source map',
  'documentation',
  'data',
  'configuration',
  'style and markup',
  'image',
  'font',
  'archive',
  'program',
  'other text',
  'other binary',
  'empty',
] as const
export type FileKind = (typeof fileKinds)[number]

const byExtension: Record<string, FileKind> = {}
function register(kind: FileKind, extensions: string): void {
  for (const extension of extensions.split(' ')) byExtension[extension] = kind
}
register('source', 'js mjs cjs jsx ts mts cts tsx py rb go rs c h cc cpp hpp java kt swift sh bash zsh ps1 php lua sql pl coffee flow vue svelte')
register('source map', 'map')
register('documentation', 'md markdown rst adoc txt mdx')
register('data', 'json jsonl ndjson json5 csv tsv xml lock bin dat db wat tsbuildinfo snap')
register('configuration', 'yaml yml toml ini cfg conf env editorconfig npmrc gitignore npmignore eslintrc prettierrc')
register('style and markup', 'css scss sass less html htm ejs hbs')
register('image', 'png jpg jpeg gif webp svg ico avif bmp')
register('font', 'woff woff2 ttf otf eot')
register('archive', 'zip gz tgz bz2 xz zst br tar 7z')
register('program', 'node so dylib dll exe wasm a o')

const magics: Array<[FileKind, number[]]> = [
  ['image', [0x89, 0x50, 0x4e, 0x47]],
  ['image', [0xff, 0xd8, 0xff]],
  ['image', [0x47, 0x49, 0x46, 0x38]],
  ['font', [0x77, 0x4f, 0x46, 0x46]],
  ['font', [0x77, 0x4f, 0x46, 0x32]],
  ['archive', [0x1f, 0x8b]],
  ['archive', [0x50, 0x4b, 0x03, 0x04]],
  ['program', [0x7f, 0x45, 0x4c, 0x46]],
  ['program', [0x00, 0x61, 0x73, 0x6d]],
  ['program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['program', [0x4d, 0x5a, 0x90, 0x00]],
]
const textKinds = new Set<FileKind>(['source', 'type declarations', 'source map', 'documentation', 'configuration', 'style and markup'])

/** The kind of a file from its name and its first bytes (up to 4 KiB); the bytes win, and a contradiction is reported. */
export function recognizeKind(path: string, head: Uint8Array): { kind: FileKind; disguised: boolean } {
  if (head.length === 0) return { kind: 'empty', disguised: false }
  const named = findNamedKind(path)
  const magic = magics.find(([, bytes]) => bytes.every((byte, place) => head[place] === byte))?.[0] ?? null
  const binary = magic !== null || head.includes(0)
  if (named !== null && textKinds.has(named) && binary) return { kind: magic ?? 'other binary', disguised: true }
  if (named !== null) return { kind: named, disguised: named === 'image' && !path.toLowerCase().endsWith('.svg') && !binary }
  return { kind: magic ?? (binary ? 'other binary' : 'other text'), disguised: false }
}

function findNamedKind(path: string): FileKind | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (/\.d\.[mc]?ts$/.test(name)) return 'type declarations'
  if (/^(readme|changelog|history|authors|contributing|licen[cs]e|copying|notice)(\.|$)/.test(name)) return 'documentation'
  const dot = name.lastIndexOf('.')
  return dot === -1 ? null : (byExtension[name.slice(dot + 1)] ?? null)
}
