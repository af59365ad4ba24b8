import { describe, expect, it } from 'vitest'
import { fillPath, listPathNames } from './fill-path.ts'
import type { Payload } from './payload.ts'

describe('fillPath', () => {
  it.each<[string, string, Payload['target'], string | null]>([
    ['a path without names', '/api/listings', { shop: 'a/b' }, '/api/listings'],
    ['one name', '/shops/{shop}/listings', { shop: 'corner' }, '/shops/corner/listings'],
    ['two names', '/{a}/{b}', { a: 'x', b: 'y' }, '/x/y'],
    ['a number', '/shops/{shop_id}', { shop_id: 123 }, '/shops/123'],
    ['64 characters', '/{a}', { a: 'x'.repeat(64) }, `/${'x'.repeat(64)}`],
    ['every unreserved character', '/{a}', { a: 'aZ09._~-' }, '/aZ09._~-'],
    ['dots inside a name', '/{a}', { a: 'a..b' }, '/a..b'],
    ['65 characters', '/{a}', { a: 'x'.repeat(65) }, null],
    ['a missing value', '/{a}', { b: 'x' }, null],
    ['a value that only Object has', '/{constructor}', { b: 'x' }, null],
    ['one dot', '/{a}', { a: '.' }, null],
    ['two dots', '/{a}', { a: '..' }, null],
    ['a slash', '/{a}', { a: 'x/y' }, null],
    ['an escaped slash', '/{a}', { a: 'x%2Fy' }, null],
    ['a question mark', '/{a}', { a: 'x?y' }, null],
    ['a space', '/{a}', { a: 'x y' }, null],
    ['a line feed at the end', '/{a}', { a: 'x\n' }, null],
    ['another name', '/{a}/{b}', { a: '{b}', b: 'y' }, null],
    ['a letter outside ASCII', '/{a}', { a: 'ä' }, null],
    ['one of two that does not fit', '/{a}/{b}', { a: 'x', b: '' }, null],
  ])('fills %s', (_what, template, target, path) => {
    expect(fillPath(template, target)).toBe(path)
  })

  it('lists the names of a template in their order', () => {
    expect(listPathNames('/shops/{shop_id}/listings/{listing}')).toEqual(['shop_id', 'listing'])
    expect(listPathNames('/api')).toEqual([])
  })
})
