import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeSoftwarePasskey, toCbor } from '../vectors/software-passkey.ts'
import { readAuthenticatorData } from './authenticator-data.ts'
import { fromBase64, fromBase64url, toBase64url } from './base64.ts'
import { readCbor } from './cbor.ts'
import { readCoseKey } from './cose-key.ts'
import { readDerSignature } from './der-signature.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

describe('CBOR', () => {
  it('is read as RFC 8949 writes it, as far as WebAuthn needs', () => {
    const value = new Map<number | string, unknown>([[1, 2], [-1, -257], ['fmt', 'none'], ['ü', [0, 23, 24, 255, 256, 65_535]], [3, Buffer.alloc(300, 7)]]) // prettier-ignore
    const read = readCbor(Uint8Array.from(toCbor(value))).value as Map<number | string, unknown>
    expect([...read.keys()]).toEqual([1, -1, 'fmt', 'ü', 3])
    expect(read.get(-1)).toBe(-257)
    expect(read.get('ü')).toEqual([0, 23, 24, 255, 256, 65_535])
    expect(read.get(3)).toEqual(new Uint8Array(300).fill(7))
    expect(readCbor(bytes('1a 00010000')).value).toBe(65_536)
    expect(readCbor(bytes('83 f4 f5 f6')).value).toEqual([false, true, null])
  })

  it.each([
    ['nothing', ''],
    ['a text that ends in the middle', '63 61 62'],
    ['a length that is longer than it needs to be', '58 05 0102030405'],
    ['a number that is longer than it needs to be', '19 00ff'],
    ['a number of eight bytes', '1b 0000000100000000'],
    ['a length that is not given', '5f 41 01 ff'],
    ['a list whose length is not given', '9f 01 ff'],
    ['a tag', 'c0 60'],
    ['a fraction', 'f9 3c00'],
    ['undefined', 'f7'],
    ['a key twice', 'a2 01 02 01 03'],
    ['a key that is bytes', 'a1 41 01 02'],
    ['a text that is no UTF-8', '61 ff'],
    ['lists without end', '81'.repeat(40) + '01'],
    ['more items than there are bytes', '9a ffffffff 01'],
  ])('refuses %s', (_what, hex) => {
    expect(() => readCbor(bytes(hex))).toThrow()
  })
})

describe('the signature of ECDSA', () => {
  const r = 'd7'.padEnd(64, '1')
  const s = '17'.padEnd(64, '2')

  it('is r and s side by side, each of 32 bytes, whatever their zeros', () => {
    expect(readDerSignature(bytes(`30 45 02 21 00${r} 02 20 ${s}`))).toEqual(bytes(`${r}${s}`))
    expect(readDerSignature(bytes('30 06 02 01 01 02 01 7f'))).toEqual(bytes(`${'1'.padStart(64, '0')}${'7f'.padStart(64, '0')}`))
  })

  it('is read for every signature that Node makes', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (let time = 0; time < 300; time += 1) {
      const plain = readDerSignature(sign('sha256', Buffer.of(time), privateKey))!
      expect(plain).toHaveLength(64)
      expect(verify('sha256', Buffer.of(time), { key: publicKey, dsaEncoding: 'ieee-p1363' }, plain)).toBe(true)
    }
  })

  it.each([
    ['nothing', ''],
    ['no sequence', `31 45 02 21 00${r} 02 20 ${s}`],
    ['a length that is another', `30 46 02 21 00${r} 02 20 ${s}`],
    ['something behind it', `30 46 02 21 00${r} 02 20 ${s} 00`],
    ['a negative number', `30 44 02 20 ${r} 02 20 ${s}`],
    ['a zero that is not needed', `30 45 02 20 ${s} 02 21 00${s}`],
    ['only zeros', `30 26 02 20 ${s} 02 02 0000`],
    ['no second number', `30 22 02 20 ${s}`],
    ['a number of 33 bytes', `30 45 02 21 ${s}11 02 20 ${s}`],
    ['a number of nothing', `30 24 02 20 ${s} 02 00`],
  ])('is none with %s', (_what, hex) => {
    expect(readDerSignature(bytes(hex))).toBeNull()
  })
})

describe('the key of a passkey', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('is read: %s', (kind) => {
    expect(readCoseKey(fromBase64url(makeSoftwarePasskey(kind).publicKey)!).kind).toBe(kind)
  })

  const x = Buffer.alloc(32, 1)
  const es256 = new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, x], [-3, x]]) // prettier-ignore
  const eddsa = new Map<number, unknown>([[1, 1], [3, -8], [-1, 6], [-2, x]]) // prettier-ignore
  const modulus = Buffer.alloc(256, 0xff)
  const rs256 = new Map<number, unknown>([[1, 3], [3, -257], [-1, modulus], [-2, Buffer.of(1, 0, 1)]]) // prettier-ignore
  const withMember = (map: Map<number, unknown>, label: number, value: unknown) => new Map([...map, [label, value]])

  it.each<[string, Map<number, unknown>]>([
    ['another algorithm', withMember(es256, 3, -35)],
    ['another type than its algorithm', withMember(es256, 1, 1)],
    ['another curve', withMember(es256, -1, 2)],
    ['half a point', withMember(es256, -2, x.subarray(1))],
    ['a private part', withMember(es256, -4, x)],
    ['another curve of Edwards', withMember(eddsa, -1, 7)],
    ['a longer key of Edwards', withMember(eddsa, -2, Buffer.alloc(57))],
    ['a modulus of 1,024 bits', withMember(rs256, -1, modulus.subarray(128))],
    ['a modulus that begins with zeros', withMember(rs256, -1, Buffer.concat([Buffer.alloc(128), modulus]))],
    ['no exponent', withMember(rs256, -2, Buffer.alloc(0))],
  ])('is refused with %s', (_what, map) => {
    expect(() => readCoseKey(Uint8Array.from(toCbor(map)))).toThrow(/public key/)
  })

  it('ends where its bytes end', () => {
    expect(() => readCoseKey(Uint8Array.from([...toCbor(eddsa), 0]))).toThrow(/public key/)
  })
})

describe('authenticator data', () => {
  const head = '00'.repeat(32)

  it('says what was checked, and may bring extensions', () => {
    expect(readAuthenticatorData(bytes(`${head} 05 00000001`))).toMatchObject({ userPresent: true, userVerified: true, attested: null })
    expect(readAuthenticatorData(bytes(`${head} 80 00000001 a1 61 61 f5`))).toMatchObject({ userPresent: false, userVerified: false })
  })

  it.each([
    ['is too short', `${head} 05 000000`],
    ['has something behind it', `${head} 05 00000001 00`],
    ['says that there is a key where there is none', `${head} 45 00000001`],
    ['has extensions that are no map', `${head} 85 00000001 01`],
    ['has an id that is longer than all of it', `${head} 45 00000001 ${'00'.repeat(16)} ffff a0`],
  ])('is none when it %s', (_what, hex) => {
    expect(() => readAuthenticatorData(bytes(hex))).toThrow()
  })
})

describe('base64', () => {
  it('is one text for one list of bytes', () => {
    expect(fromBase64('AQI=')).toEqual(Uint8Array.of(1, 2))
    for (const other of ['AQI', 'AQJ=', 'AQI==', 'AQ-_', 'A QI=', '=']) expect(fromBase64(other)).toBeNull()
    expect(fromBase64url('-_8')).toEqual(Uint8Array.of(0xfb, 0xff))
    expect(toBase64url(Uint8Array.of(0xfb, 0xff))).toBe('-_8')
    for (const other of ['-_9', '-_8=', '+/8', 'A', '-_8\n']) expect(fromBase64url(other)).toBeNull()
  })
})
