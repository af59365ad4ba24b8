import { utf8ToBytes } from '@noble/hashes/utils.js'
import { listSecretForms } from './known-secrets.ts'
import { listTokenRules } from './token-formats.ts'

/** More than any token takes to begin, in four bytes a character. */
const shortestOverlap = 4_096

/**
 * Which rules find a secret in bytes that are no text, sorted; empty: none. Known secrets in all their forms, and tokens that give
 * themselves away by their first characters; also where NULs stand between the characters, as in UTF-16 and UTF-32. The answer does not
 * depend on where the chunks are cut; memory is that of a chunk. Compressed and encrypted content cannot be searched: that nothing was
 * found says nothing about it.
 */
export function searchBytes(chunks: Iterable<Uint8Array>, options: { knownSecrets: readonly string[] }): string[] {
  const forms = listByteForms(options.knownSecrets)
  const overlap = forms.reduce((longest, form) => Math.max(longest, form.length * 4), shortestOverlap)
  const found = new Set<string>()
  let before = ''
  for (const chunk of chunks) {
    const window = before + toByteText(chunk)
    const without = window.replaceAll('\0', '')
    // What begins at the cut was seen whole in the window before; here nobody knows which character stands in front of it.
    const startsFile = before === ''
    for (const view of without === window ? [window] : [window, without]) {
      if (forms.some((form) => view.includes(form))) found.add('known_secret')
      for (const rule of listTokenRules(view, startsFile)) found.add(rule)
    }
    before = window.slice(-overlap)
  }
  return [...found].toSorted()
}

/** The forms as they stand in bytes, one character a byte; the secret itself in UTF-16 and, where it can be, in Latin-1 too. */
function listByteForms(secrets: readonly string[]): string[] {
  const forms = listSecretForms(secrets)
  const texts = new Set(forms.map(({ form }) => toByteText(utf8ToBytes(form.toWellFormed()))))
  for (const secret of new Set(forms.map((form) => form.secret))) {
    const units = Array.from({ length: secret.length }, (_, place) => secret.charCodeAt(place))
    texts.add(toByteText(Uint8Array.from(units.flatMap((unit) => [unit & 255, unit >> 8]))))
    texts.add(toByteText(Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 255]))))
    if (units.every((unit) => unit < 256)) texts.add(toByteText(Uint8Array.from(units)))
  }
  return [...texts]
}

/** Each byte to a character of its own; which one does not matter, as long as it is the same for bytes and forms. */
function toByteText(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}
