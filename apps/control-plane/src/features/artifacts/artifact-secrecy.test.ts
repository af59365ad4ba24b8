/** What leaves of files that are not plain UTF-8, who may take it, and what the audit log says of it. */
import { deflateSync, gzipSync } from 'node:zlib'
import type { Artifact, artifactPreviewSchema } from '@autopack/contract/artifacts'
import type { AuditEntry } from '@autopack/contract/audit'
import type { Role } from '@autopack/contract/roles'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod/mini'
import { openTestDeps, testInstanceKey } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { buildStartBody } from '../../test/start-body.ts'

let deps: TestDeps
const runId = 'secrecy-run'
beforeAll(async () => {
  deps = await openTestDeps()
  expect((await deps.asExecutor().post('/runs/start', buildStartBody(runId, { phases: 1 }))).status).toBe(201)
})
afterAll(() => deps.close())

const minted = `apk_${'0123456789ab'}_${'9f'.repeat(32)}_${'deadbeef'}`
const planted = `Größe 3\r\npassword=correct-horse\r\nkey ${testInstanceKey} end\r\n`
const noise = Buffer.from(Array.from({ length: 4_000 }, (_, place) => (place * place * 31 + place * 7) % 256))
const png = (...chunks: [kind: string, data: Buffer][]) =>
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...([['IHDR', Buffer.alloc(13)], ...chunks, ['IEND', Buffer.alloc(0)]] as [string, Buffer][]).map(([kind, data]) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(data.length)
      return Buffer.concat([length, Buffer.from(kind, 'latin1'), data, Buffer.alloc(4)])
    }),
  ])
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16()

async function upload(path: string, bytes: Buffer): Promise<Artifact> {
  const answer = await deps.asExecutor().put(`/runs/${runId}/artifacts/file?${new URLSearchParams({ path })}`, new Uint8Array(bytes))
  expect(answer.status).toBe(201)
  return (await answer.json()) as Artifact
}
const raw = (role: Role, path: string, query = '') =>
  deps.asOperator(role).get(`/operator/runs/${runId}/artifacts/raw?${new URLSearchParams({ path })}${query}`)
const refusalOf = async (response: Response) => ({ status: response.status, code: ((await response.json()) as { code: string }).code })
async function listed(role: Role, path: string): Promise<Artifact> {
  const answer = await deps.asOperator(role).get(`/operator/runs/${runId}/artifacts/index?limit=200`)
  return ((await answer.json()) as { items: Artifact[] }).items.find((item) => item.path === path)!
}
async function downloads(): Promise<AuditEntry['event'][]> {
  const answer = await deps.asOperator('admin').get(`/operator/audit?q=did:artifact.downloaded&limit=100`)
  return ((await answer.json()) as { items: AuditEntry[] }).items.map((entry) => entry.event)
}

describe('text that is not UTF-8', () => {
  test.each([
    ['utf-16le', Buffer.from(`\ufeff${planted}`, 'utf16le')],
    ['utf-16le', Buffer.from(planted, 'utf16le')],
    ['utf-16be', swapped(`\ufeff${planted}`)],
    ['utf-16be', swapped(planted)],
    ['windows-1252', Buffer.from(planted, 'latin1')],
  ] as const)('%s is read as it is meant, redacted, and leaves as UTF-8', async (encoding, bytes) => {
    const uploaded = await upload('odd.txt', bytes)
    expect(uploaded).toMatchObject({ shown_as: 'text', encoding, withheld: null, redactions: { count: 2 } })
    const shown = (await (
      await deps.asOperator('viewer').get(`/operator/runs/${runId}/artifacts/file?path=odd.txt&sha256=${uploaded.sha256}`)
    ).json()) as z.infer<typeof artifactPreviewSchema>
    expect(shown.text).toMatch(/^Größe 3\r\npassword=\[redacted .*\]\r\nkey \[redacted .*\] end\r\n$/)
    expect(shown.encoding).toBe(encoding)
    const answer = await raw('viewer', 'odd.txt', `&sha256=${uploaded.sha256}`)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('x-artifact-original-encoding')).toBe(encoding)
    expect(await answer.text()).toBe(shown.text)
  })

  test('one that is put together from two encodings, so that a secret is left, is withheld from everybody', async () => {
    const mixed = Buffer.concat([Buffer.from('\ufeffa page of ordinary words\n'.repeat(50), 'utf16le'), Buffer.from(` ${testInstanceKey} `)])
    expect(await upload('mixed.txt', mixed)).toMatchObject({ shown_as: 'text', withheld: 'redaction_failed' })
    expect(await refusalOf(await raw('admin', 'mixed.txt'))).toEqual({ status: 403, code: 'artifact_withheld' })
  })
})

describe('files that are no text', () => {
  const deep = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(`made with ${testInstanceKey}`)])
  test.each<[string, Buffer, Artifact['shown_as']]>([
    ['a known secret between binary bytes', Buffer.concat([noise, Buffer.from(testInstanceKey), noise]), 'download'],
    ['a known secret in UTF-16', Buffer.concat([noise, Buffer.from(testInstanceKey, 'utf16le'), noise]), 'download'],
    ['a known secret in hex', Buffer.concat([noise, Buffer.from(Buffer.from(testInstanceKey).toString('hex')), noise]), 'download'],
    ['a key as we mint them', Buffer.concat([noise, Buffer.from(`\0${minted}\0`), noise]), 'download'],
    ['a text chunk of a PNG', png(['tEXt', Buffer.from(`Comment\0made with ${testInstanceKey}`)]), 'image'],
    ['a compressed text chunk of a PNG', png(['zTXt', deep]), 'image'],
    ['a translated text chunk of a PNG', png(['iTXt', Buffer.concat([Buffer.from('a\0\x01\0en\0b\0'), deflateSync(testInstanceKey)])]), 'image'],
    ['the comment of a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 99]), Buffer.from(testInstanceKey), noise]), 'image'],
    ['the name of a file in a zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(testInstanceKey), noise]), 'download'],
  ])('%s withholds the bytes from everybody, and says so', async (what, bytes, shownAs) => {
    expect(await upload(what, bytes)).toMatchObject({ shown_as: shownAs, withheld: 'secret_found' })
    const before = (await downloads()).length
    for (const role of ['viewer', 'approver', 'admin'] as const) {
      expect((await listed(role, what)).may_download).toBe(false)
      for (const query of ['', '&download=1'])
        expect(await refusalOf(await raw(role, what, query))).toEqual({ status: 403, code: 'artifact_withheld' })
    }
    expect(await downloads()).toHaveLength(before)
  })

  test.each([
    ['noise.bin', noise],
    ['chart.png', png(['tEXt', Buffer.from('Software\0demo')], ['zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync('harmless')])])],
  ])('%s, in which nothing is found, leaves as it is', async (path, bytes) => {
    expect(await upload(path, bytes)).toMatchObject({ withheld: null, redactions: null, encoding: null })
    expect(await listed('viewer', path)).toMatchObject({ may_download: true })
    expect(Buffer.from(await (await raw('viewer', path)).arrayBuffer())).toEqual(bytes)
  })

  test.each([
    ['a.gz', gzipSync(planted), 'not_searchable'],
    ['a.zip', Buffer.concat([Buffer.from('PK\x03\x04'), noise]), 'not_searchable'],
    ['a.pdf', Buffer.from('%PDF-1.7'), 'not_searchable'],
    ['a.lz4', Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18]), noise]), 'not_searchable'],
    ['a.lz', Buffer.concat([Buffer.from('LZIP\x01'), noise]), 'not_searchable'],
    ['a.Z', Buffer.concat([Buffer.from([0x1f, 0x9d]), noise]), 'not_searchable'],
    ['a.cab', Buffer.concat([Buffer.from('MSCF\0\0\0\0'), noise]), 'not_searchable'],
    ['a.deb', Buffer.concat([Buffer.from('!<arch>\n'), noise]), 'not_searchable'],
    ['a.rpm', Buffer.concat([Buffer.from([0xed, 0xab, 0xee, 0xdb]), noise]), 'not_searchable'],
    ['a Git object', deflateSync(Buffer.from(`blob 99\0${planted}${planted}${planted}`)), 'not_searchable'],
    ['broken.png', png(['zTXt', Buffer.from('Comment\0\0this is not compressed')]), 'not_searched'],
    ['bomb.png', png(['zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(9 * 1024 * 1024))])]), 'not_searched'],
  ] as const)('%s, which nobody can search, is for admins alone, and taking it is recorded as such', async (path, bytes, withheld) => {
    const { sha256 } = await upload(path, bytes)
    for (const role of ['viewer', 'approver'] as const) {
      expect(await listed(role, path)).toMatchObject({ withheld, may_download: false })
      for (const query of ['', '&download=1']) expect(await refusalOf(await raw(role, path, query))).toEqual({ status: 403, code: 'role_missing' })
    }
    expect(await listed('admin', path)).toMatchObject({ withheld, may_download: true })
    expect(Buffer.from(await (await raw('admin', path, '&download=1')).arrayBuffer())).toEqual(bytes)
    expect((await downloads())[0]).toMatchObject({ payload_hash: sha256, payload_summary: `${path}: as it is, not searched for secrets` })
    const before = (await downloads()).length
    expect((await raw('admin', path)).status).toBe(200)
    expect(await downloads(), 'drawn by the page, an image that nobody searched is recorded too').toHaveLength(before + 1)
  })

  test('what was stored before files were searched is for admins alone', async () => {
    await upload('older.bin', noise)
    await deps.ownerDb.execute(
      sql`UPDATE control_plane.artifact SET rules_version = NULL, withheld_because = 'not_searched' WHERE path = 'older.bin' AND run_id = ${runId}`,
    )
    expect((await raw('viewer', 'older.bin')).status).toBe(403)
    await upload('older.bin', noise)
    expect((await raw('viewer', 'older.bin')).status).toBe(200)
  })

  test('the database takes no file that leaves without having been searched', async () => {
    await expect(
      deps.ownerDb.execute(sql`UPDATE control_plane.artifact SET rules_version = NULL, withheld_because = NULL WHERE path = 'noise.bin'`),
    ).rejects.toThrow()
  })
})

describe('downloads in the audit log', () => {
  test('each one is recorded once, with who took what of which run', async () => {
    const { sha256 } = await upload('told.txt', Buffer.from(`password=correct-horse\n`))
    const before = (await downloads()).length
    await (await raw('viewer', 'told.txt')).text()
    await (await raw('approver', 'told.txt', '&download=1')).text()
    const events = await downloads()
    expect(events).toHaveLength(before + 2)
    expect(events[0]).toMatchObject({
      event_type: 'artifact.downloaded',
      result_status: 'ok',
      auth_principal_id: deps.operatorIds.approver,
      run_id: runId,
      external_object_id: 'told.txt',
      payload_hash: sha256,
      payload_summary: 'told.txt: the redacted text, 1 redactions',
    })
    expect(events[1]!.auth_principal_id).toBe(deps.operatorIds.viewer)
  })

  test('what is not sent, and an image that a page draws, is no download', async () => {
    await upload('drawn.png', png())
    const first = await raw('viewer', 'told.txt')
    await first.text()
    const before = (await downloads()).length
    const again = await deps
      .asOperator('viewer')
      .get(`/operator/runs/${runId}/artifacts/raw?path=told.txt`, { 'if-none-match': first.headers.get('etag')! })
    expect(again.status).toBe(304)
    expect((await raw('viewer', 'drawn.png')).status).toBe(200)
    expect((await raw('viewer', 'nothing.txt')).status).toBe(404)
    expect(await downloads()).toHaveLength(before)
    await (await raw('viewer', 'drawn.png', '&download=1')).arrayBuffer()
    expect(await downloads()).toHaveLength(before + 1)
  })

  test('while the log cannot be written nothing is handed out, but everything can be read (I-22)', async () => {
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.audit_event ADD CONSTRAINT broken CHECK (event_type <> 'artifact.downloaded') NOT VALID`)
    try {
      expect(await refusalOf(await raw('admin', 'told.txt'))).toEqual({ status: 503, code: 'audit_unavailable' })
      expect(await refusalOf(await raw('admin', 'drawn.png', '&download=1'))).toEqual({ status: 503, code: 'audit_unavailable' })
      expect((await deps.asOperator('viewer').get(`/operator/runs/${runId}/artifacts/file?path=told.txt`)).status).toBe(200)
    } finally {
      await deps.ownerDb.execute(sql`ALTER TABLE control_plane.audit_event DROP CONSTRAINT broken`)
    }
    expect((await raw('admin', 'told.txt')).status).toBe(200)
  })
})
