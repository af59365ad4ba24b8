import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { addLeaf, emptyTree, hashLeaf, joinNodes, listProofRanges, listSubtrees, rootOf } from './merkle-tree.ts'

const entryHash = (seq: number) => createHash('sha256').update(`entry ${seq}`).digest()
const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

/** RFC 9162, 2.1.1, word for word. */
function plainRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 1) return sha256(Buffer.from([0]), leaves[0]!)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Buffer.from([1]), plainRoot(leaves.slice(0, k)), plainRoot(leaves.slice(k)))
}

/** RFC 9162, 2.1.3.2: the verification of an inclusion proof, step by step. */
function verifyInclusion(index: number, size: number, leaf: Uint8Array, path: readonly Uint8Array[], root: Uint8Array): boolean {
  if (index >= size) return false
  let [fn, sn, r] = [index, size - 1, sha256(Buffer.from([0]), leaf)]
  for (const p of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = sha256(Buffer.from([1]), p, r)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else r = sha256(Buffer.from([1]), r, p)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && r.equals(root)
}

const most = 530
const leaves = Array.from({ length: most }, (_, index) => entryHash(index + 1))

test('the root of every size up to some hundreds is that of the plain recursion', () => {
  let tree = emptyTree
  for (let size = 1; size <= most; size += 1) {
    tree = addLeaf(tree, leaves[size - 1]!)
    expect([size, rootOf(tree).toString('hex')]).toEqual([size, plainRoot(leaves.slice(0, size)).toString('hex')])
  }
  expect(() => rootOf(emptyTree)).toThrow(RangeError)
})

test('a proof made of ranges is the one of the RFC, for every leaf of every size up to 70 and across 256 and 512', () => {
  const sizes = [...Array.from({ length: 70 }, (_, index) => index + 1), 255, 256, 257, 511, 512, 513, 530]
  const nodeOver = (start: number, end: number): Buffer =>
    end - start === 1 ? hashLeaf(leaves[start]!) : joinNodes([nodeOver(start, (start + end) / 2), nodeOver((start + end) / 2, end)])
  for (const size of sizes) {
    const root = plainRoot(leaves.slice(0, size))
    for (let index = 0; index < size; index += size > 70 ? 13 : 1) {
      const path = listProofRanges(index, size).map((range) => joinNodes(listSubtrees(range).map(({ start, end }) => nodeOver(start, end))))
      expect([size, index, verifyInclusion(index, size, leaves[index]!, path, root)]).toEqual([size, index, true])
      if (path.length > 0) expect(verifyInclusion(index, size, leaves[index]!, path.slice(1), root)).toBe(false)
      expect(verifyInclusion(index, size, entryHash(9_999), path, root)).toBe(false)
    }
  }
  for (const [index, size] of [
    [1, 1],
    [-1, 5],
    [5, 5],
    [0, 0],
    [0.5, 2],
  ] as const)
    expect(() => listProofRanges(index, size)).toThrow(RangeError)
})

test('a tree of 2⁵⁰ leaves is described without walking through it', () => {
  const path = listProofRanges(2 ** 49 + 12_345, 2 ** 50 + 777)
  expect(path.length).toBe(51)
  expect(path.flatMap(listSubtrees).every(({ start, end }) => start % (end - start) === 0)).toBe(true)
})
