import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chain, makeCheckpoint, makeNoteKey, makePath, makeRoot, makeRotation, signNote } from '../vectors/make-log.ts'
import type { NoteKey } from '../vectors/make-log.ts'
import { believeCheckpoints, readCheckpoint } from './checkpoint.ts'
import { appendLeaf, emptyEdge, rootOf, rootOfInclusion } from './merkle-tree.ts'
import { readSignedNote, readVerifierKey } from './signed-note.ts'
import { MissingWebCryptoError } from './web-crypto.ts'

const log = chain(Array.from({ length: 70 }, (_, number) => ({ number })))
const [first, second, third, stranger] = Array.from({ length: 4 }, () => makeNoteKey()) as [NoteKey, NoteKey, NoteKey, NoteKey]
const note = makeCheckpoint(log, 50, [first])

const believe = (notes: string[], facts: { trusted?: NoteKey[]; stated?: NoteKey[]; rotations?: string[] }) => {
  const [trusted = [], stated = []] = [facts.trusted, facts.stated].map((keys) => keys?.map(({ verifierKey }) => verifierKey))
  return believeCheckpoints(notes, { trusted, stated, rotations: facts.rotations ?? [] })
}

describe('a signed note', () => {
  it('is read as what was signed and by whom', () => {
    const { text, signatures } = readSignedNote(note)
    expect(text.split('\n')).toHaveLength(6)
    expect(signatures).toMatchObject([{ name: 'localhost:4600/audit', keyId: first.keyId.toString('hex') }])
  })

  it('may hold an empty line itself: the last one ends what was signed', () => {
    expect(readSignedNote(signNote('one\n\ntwo\n', [first])).text).toBe('one\n\ntwo\n')
  })

  it.each([
    ['no signature', note.slice(0, note.indexOf('\n\n') + 2)],
    ['no empty line', note.replace('\n\n', '\n')],
    ['no last line feed', note.slice(0, -1)],
    ['another dash', note.replace('— ', '- ')],
    ['a third part in a line of signature', note.replace(/\n$/, ' more\n')],
    ['base64 that is none', note.replace(/.{4}\n$/, '!!!!\n')],
    ['a signature of four bytes, which is only an id', `${note.slice(0, note.indexOf('— '))}— localhost:4600/audit AAAAAA==\n`],
    ['a control character', note.replace('head', 'he\u0007ad')],
    ['carriage returns', note.replaceAll('\n', '\r\n')],
    ['half of a surrogate pair', note.replace('head', '\ud800')],
    ['more signatures than anybody makes', note + note.slice(note.indexOf('— ')).repeat(100)],
    ['no end', 'x'.repeat(70_000) + note],
  ])('is refused with %s', (_what, broken) => {
    expect(() => readSignedNote(broken)).toThrow(/note/)
  })

  it.each([
    ['another id than its own', first.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['an id in capitals', first.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+ABCDEF01+')],
    ['another algorithm', first.verifierKey.replace(/\+A/, '+C')],
    ['a space in its name', first.verifierKey.replace('localhost', 'local host')],
    ['no name', first.verifierKey.slice(first.verifierKey.indexOf('+'))],
    ['a byte too few', first.verifierKey.slice(0, -4)],
  ])('is checked with no key that has %s', (_what, key) => {
    expect(() => readVerifierKey(key)).toThrow(/key/)
  })
})

describe('a checkpoint', () => {
  it('is read as the five things it says', () => {
    const { note: _, ...checkpoint } = readCheckpoint(note)
    const root = makeRoot(log, 50).toString('hex')
    expect(checkpoint).toEqual({ origin: 'localhost:4600/audit', size: 50, root, head: log[49]!.hash, time: '2026-11-23T12:00:00.000Z' })
  })

  const lines = note.slice(0, note.indexOf('\n\n')).split('\n')
  it.each([
    ['a size with a zero before it', lines.with(1, '050')],
    ['a size of nothing', lines.with(1, '0')],
    ['a size that is not safe', lines.with(1, '9007199254740993')],
    ['a root of 31 bytes', lines.with(2, Buffer.alloc(31).toString('base64'))],
    ['no head', lines.toSpliced(3, 1)],
    ['a time without milliseconds', lines.with(4, 'time 2026-11-23T12:00:00Z')],
    ['a sixth line', [...lines, 'more']],
  ])('is none with %s, whoever signed it', (_what, said) => {
    expect(() => readCheckpoint(signNote(`${said.join('\n')}\n`, [first]))).toThrow(/checkpoint/)
  })

  it('is believed when a key signed it that the reader trusts, or that is stated where they trust none', async () => {
    expect(await believe([note], { trusted: [first], stated: [stranger] })).toMatchObject([{ size: 50, trust: 'trusted' }])
    expect(await believe([note], { stated: [first, stranger] })).toMatchObject([{ trust: 'stated', key_id: first.keyId.toString('hex') }])
  })

  it('is not believed when only a stranger signed it', async () => {
    await expect(believe([note], { trusted: [stranger], stated: [first] })).rejects.toThrow('No key that is believed')
    await expect(believe([note], { stated: [stranger, first] })).rejects.toThrow('No key that is believed')
    await expect(believe([note], {})).rejects.toThrow('no key to check')
  })

  it('is refused when a signature that names a believed key is not valid, also beside a valid one', async () => {
    const broken = note.replace('\ntime 2026', '\ntime 2027')
    await expect(believe([broken], { trusted: [first] })).rejects.toThrow('is not valid')
    const both = makeCheckpoint(log, 50, [first, second])
    const swapped = both.replace(/(— \S+ )(\S+)\n— \S+ (\S+)\n$/, (_all, start: string, one: string, other: string) => {
      const cut = Buffer.concat([Buffer.from(one, 'base64').subarray(0, 4), Buffer.from(other, 'base64').subarray(4)])
      return `${start}${cut.toString('base64')}\n${start}${other}\n`
    })
    await expect(believe([swapped], { trusted: [first, second] })).rejects.toThrow('is not valid')
    await expect(believe([`${note}${note.slice(note.indexOf('— '))}`], { trusted: [first] })).rejects.toThrow('signed twice')
  })

  it('skips signatures of keys that nobody knows', async () => {
    expect(await believe([makeCheckpoint(log, 50, [stranger, first])], { trusted: [first] })).toHaveLength(1)
  })

  it('is not believed when the key is one of another log', async () => {
    const other = makeNoteKey('elsewhere/audit')
    const text = note.slice(0, note.indexOf('\n\n') + 1)
    await expect(believe([signNote(text, [other])], { trusted: [other] })).rejects.toThrow('for another one')
  })
})

describe('a rotation', () => {
  const rotation = makeRotation(second, 40, [first, second])

  it('lets whoever trusts the old key believe the new one, and each for its sizes', async () => {
    const facts = { trusted: [first], rotations: [rotation] }
    expect(await believe([makeCheckpoint(log, 41, [second])], facts)).toMatchObject([{ key_id: second.keyId.toString('hex'), trust: 'trusted' }])
    expect(await believe([makeCheckpoint(log, 40, [first])], facts)).toMatchObject([{ key_id: first.keyId.toString('hex') }])
    await expect(believe([makeCheckpoint(log, 41, [first])], facts)).rejects.toThrow('from 1 to 40')
    await expect(believe([makeCheckpoint(log, 40, [second])], facts)).rejects.toThrow('above 40')
  })

  it('leads on to the next', async () => {
    const rotations = [rotation, makeRotation(third, 60, [second, third])]
    expect(await believe([makeCheckpoint(log, 61, [third])], { trusted: [first], rotations })).toHaveLength(1)
    await expect(believe([makeCheckpoint(log, 61, [second])], { trusted: [first], rotations })).rejects.toThrow('from 41 to 60')
    expect(await believe([makeCheckpoint(log, 61, [third])], { trusted: [second], rotations })).toHaveLength(1)
  })

  it.each([
    ['the old key did not sign', makeRotation(second, 40, [second]), 'No key that is believed'],
    ['the new key did not sign', makeRotation(second, 40, [first]), 'did not sign its rotation'],
    ['a stranger signed instead of the old key', makeRotation(second, 40, [stranger, second]), 'No key that is believed'],
    ['its text was changed', rotation.replace('\n40\n', '\n39\n'), 'is not valid'],
    ['it has another version', signNote(rotation.slice(0, rotation.indexOf('\n\n') + 1).replace('/1\n', '/2\n'), [first, second]), 'four lines'],
    ['it is of another log', signNote(`autopack-checkpoint-key/1\nelsewhere\n${second.verifierKey}\n40\n`, [first, second]), 'another log'],
    ['its size is no number', makeRotation(second, Number.NaN, [first, second]), 'no size'],
  ])('is not followed when %s', async (_what, broken, why) => {
    await expect(believe([makeCheckpoint(log, 50, [second])], { trusted: [first], rotations: [broken] })).rejects.toThrow(why)
  })

  it('is made once by a key: who has stolen an old key cannot hand over again', async () => {
    const again = makeRotation(stranger, 45, [first, stranger])
    const checkpoint = makeCheckpoint(log, 50, [stranger])
    await expect(believe([checkpoint], { trusted: [first], rotations: [rotation, again] })).rejects.toThrow('hands over twice')
    expect(await believe([makeCheckpoint(log, 50, [second])], { trusted: [first], rotations: [rotation, rotation] })).toHaveLength(1)
  })

  it('does not reach back before its key was believed', async () => {
    const rotations = [rotation, makeRotation(third, 30, [second, third])]
    await expect(believe([makeCheckpoint(log, 35, [third])], { trusted: [first], rotations })).rejects.toThrow('before it was believed')
  })
})

describe('the tree of a log', () => {
  const hashes = log.map(({ hash }) => Buffer.from(hash, 'hex'))

  it('has the root that RFC 9162 defines, for every size, also with another SHA-256', () => {
    let edge = emptyEdge
    for (const [place, hash] of hashes.entries()) {
      edge = appendLeaf(edge, hash, (bytes) => createHash('sha256').update(bytes).digest())
      expect(rootOf(edge)).toBe(makeRoot(log, place + 1).toString('hex'))
    }
  })

  it('holds every entry at its place alone', () => {
    for (let size = 1; size <= 33; size += 1) {
      const small = log.slice(0, size)
      const root = makeRoot(small).toString('hex')
      for (const [place, { seq, hash }] of small.entries()) {
        const path = makePath(place, small)
        expect(rootOfInclusion(seq, size, hash, path)).toBe(root)
        for (const other of small.keys()) if (other !== place) expect(rootOfInclusion(other + 1, size, hash, path)).not.toBe(root)
        expect(rootOfInclusion(seq, size, hash, [...path, hash])).toBeNull()
        if (path.length > 0) expect(rootOfInclusion(seq, size, hash, path.slice(1))).not.toBe(root)
        for (const step of path.keys()) expect(rootOfInclusion(seq, size, hash, path.with(step, hash))).not.toBe(root)
      }
      expect(rootOfInclusion(0, size, log[0]!.hash, [])).toBeNull()
      expect(rootOfInclusion(size + 1, size, log[size]!.hash, makePath(size, log.slice(0, size + 1)))).toBeNull()
    }
  })
})

describe('where there is no WebCrypto', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('nothing is said about a checkpoint, and the reader is told why', async () => {
    vi.stubGlobal('crypto', {})
    await expect(believe([note], { trusted: [first] })).rejects.toThrow(MissingWebCryptoError)
    await expect(believe([note], { trusted: [first] })).rejects.toThrow('offers no WebCrypto')
  })

  it('an algorithm that a browser lacks is not a signature that does not hold', async () => {
    const importKey = () => Promise.reject(Object.assign(new Error('no such algorithm'), { name: 'NotSupportedError' }))
    vi.stubGlobal('crypto', { subtle: { importKey } })
    await expect(believe([note], { trusted: [first] })).rejects.toThrow('too old')
  })
})
