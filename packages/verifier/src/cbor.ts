/** CBOR as WebAuthn uses it; maps keep their keys, integers and texts. */
export type Cbor = number | string | boolean | null | Uint8Array<ArrayBuffer> | Cbor[] | Map<number | string, Cbor>

const maxDepth = 8

/**
 * The first item of bytes in CBOR (RFC 8949), and where it ends. Strict: definite lengths, the shortest form, no tags and no fractions, no
 * key twice. Throws Error for everything else.
 */
export function readCbor(bytes: Uint8Array<ArrayBuffer>, from = 0): { value: Cbor; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = from
  const value = readItem(0)
  return { value, end: offset }

  function readItem(depth: number): Cbor {
    if (depth > maxDepth) throw new Error('CBOR is nested too deep')
    const first = take(1)[0]!
    const major = first >> 5
    if (major === 7) return readSimple(first)
    const count = readCount(first & 0x1f)
    if (major === 0) return count
    if (major === 1) return -1 - count
    if (major === 2) return take(count)
    if (major === 3) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(take(count))
    if (major === 4) return readList(count, depth)
    if (major === 5) return readMap(count, depth)
    throw new Error('CBOR has a tag')
  }

  function readSimple(first: number): Cbor {
    if (first === 0xf4 || first === 0xf5) return first === 0xf5
    if (first === 0xf6) return null
    throw new Error('CBOR has a value that is no part of WebAuthn')
  }

  function readCount(info: number): number {
    if (info < 24) return info
    const length = { 24: 1, 25: 2, 26: 4 }[info]
    if (length === undefined) throw new Error('CBOR has a length that is too large or not given')
    const at = offset
    take(length)
    const count = length === 1 ? view.getUint8(at) : length === 2 ? view.getUint16(at) : view.getUint32(at)
    if (count < { 1: 24, 2: 0x100, 4: 0x1_0000 }[length]!) throw new Error('CBOR has a number that is not in its shortest form')
    return count
  }

  function readList(count: number, depth: number): Cbor[] {
    const items: Cbor[] = []
    for (let place = 0; place < count; place += 1) items.push(readItem(depth + 1))
    return items
  }

  function readMap(count: number, depth: number): Map<number | string, Cbor> {
    const map = new Map<number | string, Cbor>()
    for (let place = 0; place < count; place += 1) {
      const key = readItem(depth + 1)
      if ((typeof key !== 'number' && typeof key !== 'string') || map.has(key)) throw new Error('CBOR has a key twice, or one that is no key')
      map.set(key, readItem(depth + 1))
    }
    return map
  }

  function take(count: number): Uint8Array<ArrayBuffer> {
    if (offset + count > bytes.length) throw new Error('CBOR ends in the middle')
    offset += count
    return bytes.subarray(offset - count, offset)
  }
}
