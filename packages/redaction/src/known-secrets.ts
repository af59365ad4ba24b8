import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Span } from './span.ts'

/** Shorter ones cannot be told from ordinary text; a process must not hold such a secret. */
const shortestKnownSecret = 4
/** Of an encoded secret, at least this many characters must be its own for a match. */
const shortestForm = 8

/** Where a secret is looked for in one of its forms. */
export type SecretForm = { form: string; secret: string }

/** Of every secret: raw, base64 and base64url in all three alignments, hex, URL-encoded, JSON-escaped. Made once, searched often. */
export function listSecretForms(secrets: readonly string[]): SecretForm[] {
  return secrets
    .filter((secret) => secret.length >= shortestKnownSecret)
    .flatMap((secret) => [...listForms(secret)].map((form) => ({ form, secret })))
}

/** Every occurrence of a known secret. */
export function listKnownSecrets(text: string, forms: readonly SecretForm[]): Span[] {
  const spans: Span[] = []
  for (const { form, secret } of forms) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + form.length)) {
      spans.push({ start, end: start + form.length, rule: 'known_secret', priority: 100, value: secret })
    }
  }
  return spans
}

/** All forms in which a secret may stand in a text. */
function listForms(secret: string): Set<string> {
  const bytes = utf8ToBytes(secret)
  const hex = bytesToHex(bytes)
  const url = encodeURIComponent(secret.toWellFormed())
  const json = JSON.stringify(secret).slice(1, -1)
  const unicode = Array.from({ length: secret.length }, (_, place) => `\\u${secret.charCodeAt(place).toString(16).padStart(4, '0')}`).join('')
  const forms = new Set([secret, json, json.replaceAll('/', '\\/'), JSON.stringify(json).slice(1, -1), unicode])
  forms.add(toAsciiJson(json))
  for (const form of [url, url.replaceAll('%20', '+'), url.replace(/[!'()*]/g, toPercent)]) {
    forms.add(form)
    forms.add(form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))
  }
  for (const form of [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((shift) => toBase64Forms(bytes, shift))]) {
    if (form.length >= shortestForm) forms.add(form)
  }
  return forms
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** JSON as Python writes it: everything beyond ASCII escaped. */
function toAsciiJson(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The characters of a base64 text that the secret alone decides when `shift` bytes stand before it. */
function toBase64Forms(bytes: Uint8Array, shift: number): string[] {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  let form = ''
  const firstDigit = Math.ceil((shift * 8) / 6)
  const endDigit = Math.floor(((shift + bytes.length) * 8) / 6)
  for (let digit = firstDigit; digit < endDigit; digit += 1) {
    const bit = digit * 6 - shift * 8
    const place = Math.floor(bit / 8)
    const pair = ((bytes[place] ?? 0) << 8) | (bytes[place + 1] ?? 0)
    form += digits[(pair >> (10 - (bit - place * 8))) & 63]
  }
  return [form, form.replaceAll('+', '-').replaceAll('/', '_')]
}
