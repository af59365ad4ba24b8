import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import type { Artifact, artifactPreviewSchema } from '@autopack/contract/artifacts'
import { artifactBodyLimitBytes, MIB } from '@autopack/contract/limits'
import type { Role } from '@autopack/contract/roles'
import type { RunDetail } from '@autopack/contract/operator-runs'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod/mini'
import { openTestDeps, shiftedClock, testInstanceKey } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { buildStartBody } from '../../test/start-body.ts'

let deps: TestDeps
let strangerKey: string
let runId: string
let secondsAhead = 0

beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => secondsAhead) })
  strangerKey = (await deps.addExecutor({ name: 'stranger' })).key
  runId = await startRun('artifact-run')
})
afterAll(() => deps.close())

type Any = Record<string, any> // oxlint-disable-line typescript/no-explicit-any -- answers of many shapes, read in place
const json = async (response: Response) => (await response.json()) as Any
const encode = (text: string) => new TextEncoder().encode(text)
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
const secretLine = `key is ${testInstanceKey} indeed`

async function startRun(id: string): Promise<string> {
  expect((await deps.asExecutor().post('/runs/start', buildStartBody(id, { phases: 1 }))).status).toBe(201)
  return id
}
const put = (path: string, bytes: Uint8Array<ArrayBuffer>, options: { run?: string; query?: string; key?: string } = {}) =>
  deps.asExecutor(options.key).put(`/runs/${options.run ?? runId}/artifacts/file?${new URLSearchParams({ path })}${options.query ?? ''}`, bytes)
const file = (kind: 'file' | 'raw', path: string, query = '', headers = {}, role: Role = 'viewer') =>
  deps.asOperator(role).get(`/operator/runs/${runId}/artifacts/${kind}?${new URLSearchParams({ path })}${query}`, headers)
const preview = async (path: string, query = '') => (await json(await file('file', path, query))) as z.infer<typeof artifactPreviewSchema>
const index = async (query = '') => json(await deps.asOperator('viewer').get(`/operator/runs/${runId}/artifacts/index${query}`))
const run = async (id = runId) => (await json(await deps.asOperator('viewer').get(`/operator/runs/${id}`))) as RunDetail

describe('201', () => {
  test('an upload answers what the bytes are, counts on the run, and is told as an event', async () => {
    const before = await run()
    const bytes = encode('# Report\n')
    const answer = (await json(await put('out/report.md', bytes, { query: '&phase_id=p0' }))) as Artifact
    expect(answer).toEqual({
      path: 'out/report.md',
      size_bytes: 9,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      media_type: 'text/plain',
      phase_id: 'p0',
      modified_at: expect.any(String),
      artifact_version: 1,
      shown_as: 'text',
      redactions: { count: 0, by_rule: {}, rules_version: expect.any(String) },
      encoding: 'utf-8',
      withheld: null,
      may_download: false,
    })
    const after = await run()
    expect(after.artifacts_count).toBe(before.artifacts_count + 1)
    expect(after.version).toBe(before.version + 1)
    const found = await deps.db.execute(
      sql`SELECT type, resource_kind, resource_id, version FROM control_plane.event WHERE type = 'artifact.changed' ORDER BY id DESC LIMIT 1`,
    )
    expect(found.rows[0]).toEqual({ type: 'artifact.changed', resource_kind: 'run', resource_id: runId, version: after.version })
  })

  test('the same path with other bytes is a new version, the same bytes again are not', async () => {
    await put('log.txt', encode('one'))
    const second = (await json(await put('log.txt', encode('two and more')))) as Artifact
    expect(second.artifact_version).toBe(2)
    const version = (await run()).version
    expect(await json(await put('log.txt', encode('two and more')))).toEqual(second)
    expect((await run()).version).toBe(version)
    const listed = (await index())['items'].filter((item: Any) => item['path'] === 'log.txt')
    expect(listed).toEqual([{ ...second, may_download: true }])
  })

  test.each(['my..file.txt', '100%.txt', 'a b/ü%2F..%2e.log', '...', '~root', "it's;.md", 'C'])(
    'the harmless name %j is kept and opens exactly as given',
    async (path) => {
      expect((await put(path, encode(`content of ${path}`))).status).toBe(201)
      expect(await preview(path)).toMatchObject({ text: `content of ${path}`, artifact: { path } })
    },
  )

  test('files may still arrive ten minutes after the end of a run', async () => {
    const id = await startRun('ended-run')
    await deps.asExecutor().post(`/runs/${id}/phases/p0/update_status`, { state: 'SKIPPED' })
    secondsAhead += 9 * 60
    expect((await put('final.log', encode('bye'), { run: id })).status).toBe(201)
  })

  test('an empty file is an empty text', async () => {
    expect((await put('empty.txt', new Uint8Array())).status).toBe(201)
    expect(await preview('empty.txt')).toMatchObject({ text: '', redacted_size_bytes: 0, truncated: false, first_line: 1, withheld: false })
  })
})

describe('200', () => {
  test('secrets of this server are cut out of preview, raw file and search text, and counted', async () => {
    const uploaded = (await json(await put('leak.txt', encode(`first\n${secretLine}\nlast\n`)))) as Artifact
    expect(uploaded.redactions?.count).toBe(1)
    expect(Object.values(uploaded.redactions?.by_rule ?? {})).toEqual([1])
    const shown = await preview('leak.txt')
    expect(shown.text).not.toContain(testInstanceKey)
    expect(shown.text).toMatch(/^first\nkey is .+ indeed\nlast\n$/)
    const raw = await file('raw', 'leak.txt')
    expect(await raw.text()).toBe(shown.text)
    expect(raw.headers.get('x-artifact-redacted')).toBe('true')
    expect(raw.headers.get('x-artifact-redaction-count')).toBe('1')
    expect(raw.headers.get('x-artifact-original-size')).toBe(String(uploaded.size_bytes))
  })

  test('a preview is bounded in bytes, whole in characters, and reading on shows everything once', async () => {
    const text = Array.from({ length: 400 }, (_, line) => `${line} aé€😀\n`).join('')
    await put('long.txt', encode(text))
    let shown = ''
    let at = 0
    let size = Number.POSITIVE_INFINITY
    while (at < size) {
      const part = await preview('long.txt', `&from_byte=${at}&max_bytes=1000`)
      expect(encode(part.text).length).toBe(part.to_byte - part.from_byte)
      expect(part.to_byte - part.from_byte).toBeLessThanOrEqual(1000)
      expect(part.first_line).toBe(shown.split('\n').length)
      expect(part.truncated).toBe(true)
      shown += part.text
      at = part.to_byte
      size = part.redacted_size_bytes
    }
    expect(shown).toBe(text)
    expect(await preview('long.txt')).toMatchObject({ truncated: false, from_byte: 0, to_byte: size, text })
  })

  test('the end of a file comes with the number of its first line, also beyond the first MiB', async () => {
    await put('large.log', encode('0123456789abcdef\n'.repeat(100_000)))
    const end = await preview('large.log', '&tail=1&max_bytes=34')
    expect(end).toMatchObject({ text: '0123456789abcdef\n'.repeat(2), first_line: 99_999, truncated: true, to_byte: 1_700_000 })
    expect((await preview('large.log')).text).toHaveLength(256 * 1024)
    expect((await preview('large.log', `&max_bytes=${MIB}`)).to_byte).toBe(MIB)
    expect(await preview('large.log', '&from_byte=1700000')).toMatchObject({ text: '', from_byte: 1_700_000, truncated: true })
  })

  test('hidden characters and broken bytes are told', async () => {
    await put('odd.txt', new Uint8Array([...encode('zero\u200bwidth \u202eesrever '.repeat(3)), 0xff]))
    expect(await preview('odd.txt')).toMatchObject({ hidden_characters: 6, encoding: 'utf-8-with-replacements' })
  })

  test('JSON is recognised by its content, whatever it is called', async () => {
    expect(await json(await put('inventory.bin', encode('{"files":[1,2]}')))).toMatchObject({ media_type: 'application/json', shown_as: 'text' })
  })

  test('an image is served inline as the image it is, and nothing in the answer may run', async () => {
    await put('chart.html', png)
    const raw = await file('raw', 'chart.html')
    expect(raw.status).toBe(200)
    expect(Object.fromEntries(raw.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `inline; filename="chart.html"; filename*=UTF-8''chart.html`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'content-length': String(png.length),
      'x-artifact-truncated': 'false',
      'x-artifact-redacted': 'false',
    })
    expect(new Uint8Array(await raw.arrayBuffer())).toEqual(png)
    expect((await file('raw', 'chart.html', '&download=1')).headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(await preview('chart.html')).toMatchObject({ text: '', artifact: { shown_as: 'image', redactions: null } })
  })

  test.each([
    ['page.html', encode('<script>alert(document.cookie)</script>'), 'text/plain; charset=utf-8'],
    ['drawing.svg', encode('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'text/plain; charset=utf-8'],
    ['photo.png', encode('not a picture'), 'text/plain; charset=utf-8'],
    ['report.pdf', encode('%PDF-1.7 /JavaScript'), 'application/octet-stream'],
    ['archive.zip', new Uint8Array([0x50, 0x4b, 3, 4]), 'application/octet-stream'],
  ])('%s only ever leaves as an inert attachment', async (path, bytes, contentType) => {
    await put(path, bytes)
    for (const query of ['', '&download=1']) {
      const raw = await file('raw', path, query, {}, 'admin')
      expect(raw.headers.get('content-type')).toBe(contentType)
      expect(raw.headers.get('content-disposition')).toMatch(/^attachment;/)
      expect(raw.headers.get('content-security-policy')).toContain('sandbox')
      expect(raw.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('a pinned hash shows that version although there is a newer one', async () => {
    const old = (await json(await put('pinned.txt', encode('old text')))) as Artifact
    await put('pinned.txt', encode('new text'))
    expect((await preview('pinned.txt', `&sha256=${old.sha256}`)).text).toBe('old text')
    expect((await preview('pinned.txt')).text).toBe('new text')
    expect(await (await file('raw', 'pinned.txt', `&sha256=${old.sha256}`)).text()).toBe('old text')
  })

  test('the index is paged by path, counts everything, and sums the newest versions', async () => {
    const id = await startRun('indexed-run')
    const long = `${'ü'.repeat(390)}/long`
    for (const path of ['b', 'a/1', long, 'B', 'a']) await put(path, encode(`${path}!`), { run: id })
    await put('a', encode('longer than before'), { run: id })
    const page = async (query: string) => json(await deps.asOperator('viewer').get(`/operator/runs/${id}/artifacts/index?limit=2${query}`))
    const paths: string[] = []
    let cursor: string | null = null
    do {
      const part: Any = await page(cursor ? `&cursor=${cursor}` : '')
      paths.push(...part['items'].map((item: Any) => item['path']))
      expect(part['total']).toEqual({ count: 5, exact: true })
      cursor = part['next_cursor']
    } while (cursor)
    expect(paths).toEqual(['B', 'a', 'a/1', 'b', long])
    const own = await json(await deps.asExecutor().get(`/runs/${id}/artifacts/index`))
    const sizes = own['artifacts'].map((item: Any) => item['size_bytes'])
    expect(own).toMatchObject({ run_id: id, truncated: false, total_size_bytes: sizes.reduce((sum: number, size: number) => sum + size, 0) })
    expect(sizes).toHaveLength(5)
  })
})

describe('304', () => {
  test('an unchanged preview, index and raw file are not sent again', async () => {
    await put('same.txt', encode('same'))
    for (const target of ['file?path=same.txt', 'raw?path=same.txt', 'index']) {
      const url = `/operator/runs/${runId}/artifacts/${target}`
      const first = await deps.asOperator('viewer').get(url)
      const again = await deps.asOperator('viewer').get(url, { 'if-none-match': first.headers.get('etag') ?? '' })
      expect([target, again.status, await again.text()]).toEqual([target, 304, ''])
    }
  })
})

describe('400', () => {
  const climbing = [
    '../etc/passwd',
    'a/../../b',
    '..',
    '.',
    './a',
    'a/./b',
    'a//b',
    'a/',
    '/etc/passwd',
    '//host/share',
    'C:/windows',
    'c:secret',
    '..\\..\\boot.ini',
    'a\\b',
    'nul\0byte',
    'line\nbreak',
    '',
    'x'.repeat(501),
  ]
  test.each(climbing)('the name %j is refused for upload, preview and raw file, and nothing is stored', async (path) => {
    const before = await readdir(deps.settings.artifactDir, { recursive: true })
    for (const response of [await put(path, encode('evil')), await file('file', path), await file('raw', path)]) {
      expect(response.status).toBe(400)
      expect(await json(response)).toMatchObject({ code: 'invalid_request' })
    }
    expect(await readdir(deps.settings.artifactDir, { recursive: true })).toEqual(before)
  })
  test('a name that was encoded twice is a name with percent signs, not a way out', async () => {
    expect((await put('%2e%2e%2fetc%2fpasswd', encode('harmless'))).status).toBe(201)
    expect(await preview('%2e%2e%2fetc%2fpasswd')).toMatchObject({ text: 'harmless' })
  })
  test.each(['max_bytes=0', `max_bytes=${MIB + 1}`, 'from_byte=-1', 'tail=2', 'sha256=abc', 'odd=1', 'redact=false'])(
    'a preview refuses %s',
    async (query) => {
      expect((await file('file', 'log.txt', `&${query}`)).status).toBe(400)
    },
  )
  test('a cursor of another run is refused', async () => {
    const other = await startRun('cursor-run')
    for (const path of ['a', 'b']) await put(path, encode(path), { run: other })
    const { next_cursor } = await json(await deps.asOperator('viewer').get(`/operator/runs/${other}/artifacts/index?limit=1`))
    expect((await deps.asOperator('viewer').get(`/operator/runs/${runId}/artifacts/index?cursor=${next_cursor}`)).status).toBe(400)
  })
})

describe('403', () => {
  test('a key without the scope artifacts:write uploads nothing', async () => {
    const reader = await deps.addExecutor({ name: 'reader', scopes: ['runs:read', 'runs:write'] })
    expect(await json(await put('x.txt', encode('x'), { key: reader.key }))).toMatchObject({ code: 'scope_missing' })
  })
})

describe('404', () => {
  test('another executor neither uploads to nor lists a run that is not its own', async () => {
    expect((await put('x.txt', encode('x'), { key: strangerKey })).status).toBe(404)
    expect((await deps.asExecutor(strangerKey).get(`/runs/${runId}/artifacts/index`)).status).toBe(404)
  })
  test('an operator who may not see the run sees none of its files', async () => {
    const own = await deps.addExecutor({ name: 'private-agent' })
    await deps.asExecutor(own.key).post('/runs/start', buildStartBody('private-run'))
    await put('private.txt', encode('private'), { run: 'private-run', key: own.key })
    for (const target of ['index', 'file?path=private.txt', 'raw?path=private.txt']) {
      expect((await deps.asOperator('viewer').get(`/operator/runs/private-run/artifacts/${target}`)).status).toBe(404)
      expect((await deps.asOperator('admin').get(`/operator/runs/private-run/artifacts/${target}`)).status).toBe(200)
    }
  })
  test('unknown paths, phases and hashes, and the hash of another path, are not found', async () => {
    const other = (await json(await put('other.txt', encode('other text')))) as Artifact
    expect((await put('x.txt', encode('x'), { query: '&phase_id=nowhere' })).status).toBe(404)
    for (const kind of ['file', 'raw'] as const) {
      expect((await file(kind, 'nowhere.txt')).status).toBe(404)
      expect((await file(kind, 'log.txt', `&sha256=${'0'.repeat(64)}`)).status).toBe(404)
      expect((await file(kind, 'log.txt', `&sha256=${other.sha256}`)).status).toBe(404)
    }
  })
})

describe('409', () => {
  test('a run that ended more than ten minutes ago takes no more files', async () => {
    const id = await startRun('closed-run')
    await deps.asExecutor().post(`/runs/${id}/phases/p0/update_status`, { state: 'SKIPPED' })
    secondsAhead += 11 * 60
    expect(await json(await put('late.log', encode('late'), { run: id }))).toMatchObject({ code: 'run_closed' })
    expect((await run(id)).artifacts_count).toBe(0)
  })
})

describe('413, 415, 416', () => {
  test('a file beyond 25 MiB is refused', async () => {
    expect(await json(await put('huge.bin', new Uint8Array(artifactBodyLimitBytes + 1)))).toMatchObject({ code: 'body_too_large', status: 413 })
  })
  test('anything but an octet stream is refused', async () => {
    const response = await deps.asExecutor().put(`/runs/${runId}/artifacts/file?path=x.json`, '{}')
    expect(await json(response)).toMatchObject({ code: 'unsupported_media_type', status: 415 })
  })
  test('a range beyond the end is refused with the size', async () => {
    await put('short.txt', encode('short'))
    const response = await file('file', 'short.txt', '&from_byte=6')
    expect(response.status).toBe(416)
    expect(await json(response)).toMatchObject({ code: 'range_not_satisfiable', detail: expect.stringContaining('5 bytes') })
  })
})
