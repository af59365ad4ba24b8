import { deflateSync } from 'node:zlib'
import { MIB } from '@autopack/contract/limits'
import { describe, expect, test } from 'vitest'
import { contentDisposition } from './content-disposition.ts'
import { beyondRange, cutRange } from './cut-range.ts'
import { countHiddenCharacters } from './hidden-characters.ts'
import { isJsonText } from './is-json-text.ts'
import { countIn, countLineFeeds } from './line-marks.ts'
import { listHeldSecrets } from './list-held-secrets.ts'
import { sniffMediaType } from './sniff-media-type.ts'

const bytes = (...parts: (string | number[])[]) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
const encode = (text: string) => new TextEncoder().encode(text)
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))
const swapped = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16())

describe('sniffMediaType', () => {
  test.each([
    ['a PNG', bytes([0x89], 'PNG\r\n', [0x1a, 0x0a, 0, 0]), 'image/png'],
    ['a JPEG', bytes([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
    ['a GIF', bytes('GIF89a', [1, 0, 1, 0]), 'image/gif'],
    ['a WebP', bytes('RIFF', [1, 0, 0, 0], 'WEBPVP8 '), 'image/webp'],
    ['a PDF', bytes('%PDF-1.7\n'), 'application/pdf'],
    ['a zip', bytes('PK', [3, 4, 0, 0]), 'application/zip'],
    ['a gzip', bytes([0x1f, 0x8b, 8, 0]), 'application/gzip'],
    [
      'a tar',
      bytes(
        'name',
        Array.from({ length: 253 }, () => 0),
        'ustar',
      ),
      'application/x-tar',
    ],
    [
      'compressed noise',
      new Uint8Array(deflateSync(Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * n * 7919) % 251)))),
      'application/octet-stream',
    ],
    ['an xz', bytes([0xfd], '7zXZ', [0, 0, 4]), 'application/x-xz'],
    ['a bzip2', bytes('BZh91AY&SY', [1, 2]), 'application/x-bzip2'],
    ['a zstd', bytes([0x28, 0xb5, 0x2f, 0xfd, 4]), 'application/zstd'],
    ['a 7z', bytes('7z', [0xbc, 0xaf, 0x27, 0x1c, 0]), 'application/x-7z-compressed'],
    ['a rar', bytes('Rar!', [0x1a, 7, 1]), 'application/vnd.rar'],
    ['numbers of 16 bits', new Uint8Array(Int16Array.from({ length: 4_000 }, (_, n) => (n * 37) % 900).buffer), 'application/octet-stream'],
    ['UTF-32', bytes([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0, 0x62, 0, 0, 0]), 'application/octet-stream'],
  ])('%s is what its bytes say', (_what, content, mediaType) => {
    expect(sniffMediaType(content)).toMatchObject({ media_type: mediaType })
  })
  test.each([
    ['nothing at all', new Uint8Array(), 'utf-8'],
    ['a page that would run', bytes('<!doctype html><script>alert(1)</script>'), 'utf-8'],
    ['a drawing that would run', bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'utf-8'],
    ['a coloured log', bytes('\u001b[31mred\u001b[0m\r\n'), 'utf-8'],
    ['a log with one NUL', bytes('a line of a log\n'.repeat(20), [0]), 'utf-8'],
    ['a log with one broken byte', bytes('Zeile für Zeile\n'.repeat(20), [0xe9]), 'utf-8-with-replacements'],
    ['an old page of Western Europe', latin1('Größe, Käse, “quotes” €'.replace(/[“”€]/g, '')), 'windows-1252'],
    ['one broken byte far behind', bytes('a line of a log\n'.repeat(10_000), [0xe9], ' ende'), 'windows-1252'],
    ['a page in Cyrillic of one byte a character', new Uint8Array(Array.from({ length: 200 }, (_, n) => 0xc0 + (n % 32))), 'windows-1252'],
    ['UTF-16 with its mark', utf16('\ufefftext'), 'utf-16le'],
    ['UTF-16 without it', utf16('password=correct-horse\r\n'), 'utf-16le'],
    ['UTF-16 of big ends with its mark', swapped('\ufeffпароль'), 'utf-16be'],
    ['UTF-16 of big ends without it', swapped('password=correct-horse\r\n'), 'utf-16be'],
    ['UTF-16 in Cyrillic without its mark', utf16('пароль и ещё слова тут'), 'utf-16le'],
    ['UTF-16 cut inside a character', utf16('some words of text \u{1f600}').subarray(0, -2), 'utf-16le'],
  ])('%s is text, so that it is redacted', (_what, content, encoding) => {
    expect(sniffMediaType(content)).toEqual({ shown_as: 'text', encoding })
  })
})

describe('isJsonText', () => {
  test.each([
    ['{"a":1}', true],
    [' [1,2]\n', true],
    ['"text"', false],
    ['{"a":1', false],
    ['[1}', false],
    ['{oops}', false],
    ['', false],
  ])('%j is JSON: %s', (text, is) => {
    expect(isJsonText(text)).toBe(is)
  })
})

describe('cutRange', () => {
  const text = 'aé€😀z'
  const all = encode(text)
  const read = (from: number, to: number) => {
    const shown = cutRange(all.subarray(from, Math.min(all.length, to + beyondRange)), from, to)
    return { ...shown, text: new TextDecoder('utf-8', { fatal: true }).decode(all.subarray(shown.from, shown.to)) }
  }
  test('no range of any length cuts a character', () => {
    for (let from = 0; from <= all.length; from += 1) for (let to = from + 1; to <= all.length; to += 1) expect(text).toContain(read(from, to).text)
  })
  test.each([1, 2, 3, 4, 5, 100])('reading on in steps of %i bytes shows everything once', (step) => {
    let shown = ''
    for (let from = 0; from < all.length;) {
      const part = read(from, Math.min(all.length, from + step))
      expect(part.to).toBeGreaterThan(from)
      shown += part.text
      from = part.to
    }
    expect(shown).toBe(text)
  })
})

describe('line marks', () => {
  test('a mark says how many line feeds come before each whole MiB', () => {
    const file = encode('x\n'.repeat(MIB + 10))
    expect(countLineFeeds(file)).toEqual([0, MIB / 2, MIB])
    expect(countIn(file)).toBe(MIB + 10)
    expect(countLineFeeds(new Uint8Array())).toEqual([0])
  })
})

describe('countHiddenCharacters', () => {
  test.each([
    ['plain text\twith\ntabs', 0],
    ['zero\u200bwidth', 1],
    ['bidi \u202e\u2066\u2069', 3],
    ['joined\u200dletters', 1],
    ['a family 👨\u200d👩\u200d👧 is one picture', 0],
    ['tags \u{e0041}\u{e0042}', 2],
    ['\u001b[31mred\u001b[0m', 0],
  ])('%j hides %i characters', (text, count) => {
    expect(countHiddenCharacters(text, false)).toBe(count)
  })
  test('a byte order mark is hidden anywhere but at the start of a file', () => {
    expect(countHiddenCharacters('\ufefftext', true)).toBe(0)
    expect(countHiddenCharacters('\ufefftext', false)).toBe(1)
  })
})

describe('contentDisposition', () => {
  test.each([
    ['a/b/report.md', `attachment; filename="report.md"; filename*=UTF-8''report.md`],
    ['100%.txt', `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`],
    ['quo"te\\;.txt', `attachment; filename="quo_te__.txt"; filename*=UTF-8''quo%22te%5C%3B.txt`],
    ["it's (1)*.log", `attachment; filename="it_s (1)_.log"; filename*=UTF-8''it%27s%20%281%29%2A.log`],
    ['Müll 😀.txt', `attachment; filename="M_ll __.txt"; filename*=UTF-8''M%C3%BCll%20%F0%9F%98%80.txt`],
    ['lone \ud800.txt', `attachment; filename="lone _.txt"; filename*=UTF-8''lone%20%EF%BF%BD.txt`],
  ])('the name %j is written so that no client misreads it', (path, header) => {
    expect(contentDisposition('attachment', path)).toBe(header)
    expect(() => new Headers({ 'content-disposition': header })).not.toThrow()
  })
})

describe('listHeldSecrets', () => {
  test('the instance key, the database password and every demo secret are held', () => {
    const demo = {
      operators: [{ operator_id: 'op', name: 'admin', role: 'admin' as const, password: 'a demo password' }],
      executors: [{ executor_id: 'exr', name: 'demo', key: 'apk_demo_key', owner_operator_id: 'op', shared_with_everyone: true }],
    }
    const held = listHeldSecrets({ instanceKey: 'the instance key', databaseUrl: 'postgresql://u:p%40ssword@h/db', demo })
    expect(held).toEqual(['the instance key', 'postgresql://u:p%40ssword@h/db', 'p@ssword', 'a demo password', 'apk_demo_key'])
  })
})
