import type { Artifact } from '@autopack/contract/artifacts'

type Withheld = Artifact['withheld'] & string
export type WithheldWords = { badge: string; title: string; why: string; who: string }

const nobody = 'Nobody may download it. Its size and hash are still true.'
const admins = 'An admin may download it as it is; the audit log says who did.'

const words: Record<Withheld, WithheldWords> = {
  redaction_failed: {
    badge: 'withheld',
    title: 'The text is withheld',
    why: 'Redaction failed on this file, so nothing of it is shown.',
    who: nobody,
  },
  secret_found: {
    badge: 'withheld · holds a secret',
    title: 'This file holds a secret',
    why: 'A secret was found in its bytes. It is no text, so the secret cannot be cut out of it.',
    who: nobody,
  },
  not_searchable: {
    badge: 'not searched · archive',
    title: 'Not shown here',
    why: 'What is inside is packed or compressed, so it cannot be searched for secrets.',
    who: admins,
  },
  not_searched: {
    badge: 'not searched',
    title: 'Not searched for secrets',
    why: 'The search for secrets failed on this file, or the file is older than the search.',
    who: admins,
  },
}

/** Why the bytes are kept back, and who may have them all the same; null: they are not kept back. */
export function describeWithheld(withheld: Artifact['withheld']): WithheldWords | null {
  return withheld === null ? null : words[withheld]
}

const encodings: Record<Artifact['encoding'] & string, string | null> = {
  'utf-8': null,
  'utf-8-with-replacements': 'not all UTF-8',
  'utf-16le': 'was UTF-16 LE',
  'utf-16be': 'was UTF-16 BE',
  'windows-1252': 'was Windows-1252',
}

/** What to know of the encoding of a text; null: it is UTF-8 throughout. */
export function describeEncoding(encoding: Artifact['encoding']): string | null {
  return encoding === null ? null : encodings[encoding]
}

/** What a download gets. */
export function describeDownload(artifact: Pick<Artifact, 'shown_as' | 'redactions' | 'encoding' | 'withheld'>): string {
  if (artifact.withheld !== null) return 'The bytes as they are, not searched for secrets'
  if (artifact.shown_as !== 'text') return 'The whole file as it is; no secret was found in it'
  const utf8 = artifact.encoding?.startsWith('utf-8') ? '' : ' in UTF-8'
  return artifact.redactions && artifact.redactions.count > 0 ? `The redacted whole${utf8}` : `The whole file${utf8}; there was nothing to redact`
}
