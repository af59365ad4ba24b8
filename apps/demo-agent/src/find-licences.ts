import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HashedFile } from './hash-files.ts'

export type Licences = {
  /** Licence expression → packages that declare it, most first. */
  by_licence: Array<{ licence: string; packages: string[] }>
  packages: number
  /** Packages that name no licence. */
  undeclared: string[]
  /** LICENSE files whose text was recognised, by licence. */
  texts: Record<string, number>
  unrecognized_texts: string[]
  bytes_read: number
}

const sizeLimitBytes = 512 * 1024

/**
 * Reads each package.json that names a package, and each LICENSE text, below the workspace. A text is recognised by sentences that
 * only this licence has; the rest is listed as unrecognised rather than guessed.
 */
export async function findLicences(
  workspace: string,
  files: readonly HashedFile[],
  options: { onProgress: (done: number, of: number) => void; signal: AbortSignal },
): Promise<Licences> {
  const found = new Map<string, Set<string>>()
  const undeclared = new Set<string>()
  const packages = new Set<string>()
  const licences: Licences = { by_licence: [], packages: 0, undeclared: [], texts: {}, unrecognized_texts: [], bytes_read: 0 }
  const interesting = files.filter((file) => file.size_bytes <= sizeLimitBytes && (isManifest(file.path) || isLicenceText(file.path)))
  for (const [place, file] of interesting.entries()) {
    options.signal.throwIfAborted()
    options.onProgress(place + 1, interesting.length)
    const text = await readFile(join(workspace, file.path), 'utf8').catch(() => null)
    if (text === null) continue
    licences.bytes_read += file.size_bytes
    if (isManifest(file.path)) {
      const manifest = readManifest(text)
      if (manifest === null) continue
      packages.add(manifest.id)
      if (manifest.licence === null) undeclared.add(manifest.id)
      else found.set(manifest.licence, (found.get(manifest.licence) ?? new Set()).add(manifest.id))
    } else {
      const licence = recognizeLicence(text)
      if (licence === null) licences.unrecognized_texts.push(file.path)
      else licences.texts[licence] = (licences.texts[licence] ?? 0) + 1
    }
  }
  licences.packages = packages.size
  licences.undeclared = [...undeclared].toSorted()
  licences.by_licence = [...found]
    .map(([licence, ids]) => ({ licence, packages: [...ids].toSorted() }))
    .toSorted((a, b) => b.packages.length - a.packages.length || (a.licence < b.licence ? -1 : 1))
  return licences
}

function isManifest(path: string): boolean {
  return path === 'package.json' || path.endsWith('/package.json')
}

function isLicenceText(path: string): boolean {
  return /(^|\/)(licen[cs]e|copying)([.-][a-z0-9.-]+)?$/i.test(path) && !/\.(js|ts|json|map|d\.ts)$/i.test(path)
}

/** Name and version with the declared licence (SPDX string, or the older object and list forms); null for nested helper manifests. */
function readManifest(text: string): { id: string; licence: string | null } | null {
  try {
    const manifest = JSON.parse(text) as Record<string, unknown>
    if (typeof manifest.name !== 'string' || manifest.name === '') return null
    const id = typeof manifest.version === 'string' ? `${manifest.name}@${manifest.version}` : manifest.name
    const declared = manifest.license ?? (Array.isArray(manifest.licenses) ? manifest.licenses[0] : manifest.licenses)
    const licence = typeof declared === 'object' && declared !== null ? (declared as { type?: unknown }).type : declared
    return { id: id.slice(0, 200), licence: typeof licence === 'string' && licence.trim() !== '' ? licence.trim().slice(0, 100) : null }
  } catch {
    return null
  }
}

/** The SPDX id of a licence text, or null. */
export function recognizeLicence(text: string): string | null {
  const words = text.replace(/\s+/g, ' ').toLowerCase()
  if (words.includes('apache license') && words.includes('version 2.0')) return 'Apache-2.0'
  if (words.includes('mozilla public license') && words.includes('2.0')) return 'MPL-2.0'
  if (words.includes('gnu affero general public license')) return 'AGPL'
  if (words.includes('gnu lesser general public license')) return 'LGPL'
  if (words.includes('gnu general public license')) return 'GPL'
  if (words.includes('cc0 1.0') || words.includes('creative commons zero')) return 'CC0-1.0'
  if (words.includes('this is free and unencumbered software released into the public domain')) return 'Unlicense'
  if (words.includes('blue oak model license')) return 'BlueOak-1.0.0'
  if (words.includes('python software foundation license')) return 'PSF-2.0'
  if (words.includes('sil open font license')) return 'OFL-1.1'
  if (words.includes('redistribution and use in source and binary forms')) return words.includes('neither the name') ? 'BSD-3-Clause' : 'BSD-2-Clause'
  if (words.includes('permission is hereby granted, free of charge, to any person obtaining a copy')) return 'MIT'
  if (words.includes('permission to use, copy, modify, and/or distribute this software')) {
    return words.includes('the above copyright notice and this permission notice appear in all copies') ? 'ISC' : '0BSD'
  }
  return null
}
