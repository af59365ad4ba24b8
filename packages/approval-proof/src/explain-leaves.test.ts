import { describe, expect, it } from 'vitest'
import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor } from './descriptor.ts'
import { explainLeaves } from './explain-leaves.ts'
import type { Payload } from './payload.ts'
import { buildPayload, descriptor, desk } from './sale-of-a-desk.ts'

function listUnexplained(payload: Payload, known: Descriptor): string[] {
  return explainLeaves(payload, known)
    .filter(({ field }) => field === null)
    .map(({ leaf }) => leaf.pointer)
}

describe('the path of a request', () => {
  const known: Descriptor = { ...descriptor, request: { ...descriptor.request, path: '/shops/{shop}/sales' } }
  const send = (shop: string, path: string) => buildPayload(desk, { target: { shop }, request: { method: 'POST', path, body: desk } })

  it.each<[string, string, string, string[]]>([
    ['the template filled with the target', 'corner', '/shops/corner/sales', []],
    ['another target than the payload names', 'corner', '/shops/other/sales', ['/request/path']],
    ['the template itself', 'corner', '/shops/{shop}/sales', ['/request/path']],
    ['a query behind it', 'corner', '/shops/corner/sales?draft=1', ['/request/path']],
    ['another letter case', 'corner', '/shops/Corner/sales', ['/request/path']],
    ['a target that leaves its segment', 'corner/../admin', '/shops/corner/../admin/sales', ['/request/path']],
    ['a target that had to be escaped', 'a b', '/shops/a%20b/sales', ['/request/path']],
    ['a target of dots', '..', '/shops/../sales', ['/request/path']],
  ])('explains %s, or does not', (_what, shop, path, unexplained) => {
    expect(listUnexplained(send(shop, path), known)).toEqual(unexplained)
  })
})

describe('the fee of the provider', () => {
  const known: Descriptor = { ...descriptor, fee: { amount_minor: 20, currency: 'USD' } }

  it.each<[string, Payload['cost'], string[]]>([
    ['exactly the fee', { amount_minor: 20, currency: 'USD' }, []],
    ['no cost at all', null, ['/cost']],
    ['less than the fee', { amount_minor: 19, currency: 'USD' }, ['/cost/amount_minor']],
    ['more than the fee', { amount_minor: 21, currency: 'USD' }, ['/cost/amount_minor']],
    ['another currency', { amount_minor: 20, currency: 'EUR' }, ['/cost/currency']],
  ])('explains %s, or does not', (_what, cost, unexplained) => {
    expect(listUnexplained(buildPayload(desk, { cost }), known)).toEqual(unexplained)
  })

  it('is not asked for where the provider is not known to charge one', () => {
    expect(listUnexplained(buildPayload(desk, { cost: { amount_minor: 7, currency: 'CHF' } }), descriptor)).toEqual([])
  })
})

describe('a request without a body', () => {
  const known: Descriptor = { ...descriptor, fields: [descriptor.fields[0]!], sentence: 'look at {target}' }

  it('is explained, and so is nothing that stands in place of no body', () => {
    expect(listUnexplained(buildPayload(null), known)).toEqual([])
    expect(listUnexplained(buildPayload('text'), known)).toEqual(['/request/body'])
    expect(listUnexplained(buildPayload({}), known)).toEqual(['/request/body'])
    expect(listUnexplained(buildPayload([]), known)).toEqual(['/request/body'])
  })
})

describe('a form', () => {
  const flat = descriptor.fields.filter(({ path }) => !path.includes('price') && !path.includes('offers'))
  const known: Descriptor = { ...descriptor, fields: flat, request: { ...descriptor.request, encoding: 'form' } }

  it.each<[string, JsonValue, string[]]>([
    ['texts, decimals and a list', { title: 'Desk', weight: '1.50', tags: ['oak', 'new'] }, []],
    ['a comma in a text', { title: 'Desk, oak' }, []],
    ['a comma in a list: one item would arrive as two', { title: 'Desk', tags: ['oak,new', 'x'] }, ['/request/body/tags/0', '/request/body/tags/1']],
    ['an empty item of a list', { title: 'Desk', tags: [''] }, ['/request/body/tags/0']],
    ['an empty list, which no form can say', { title: 'Desk', tags: [] }, ['/request/body/tags']],
    ['a list in a list', { title: 'Desk', tags: [['oak']] }, ['/request/body/tags/0/0']],
    ['an object', { title: 'Desk', notes: { a: 'b' } }, ['/request/body/notes/a']],
    ['no value', { title: 'Desk', notes: null }, ['/request/body/notes']],
    ['a list in place of a body', ['Desk'], ['/request/body/0']],
    ['a text in place of a body', 'Desk', ['/request/body']],
  ])('explains %s, or does not', (_what, body, unexplained) => {
    expect(listUnexplained(buildPayload(body), known)).toEqual(unexplained)
  })

  it('asks nothing of the kind of a request in JSON', () => {
    expect(listUnexplained(buildPayload({ ...desk, tags: ['oak,new'] }), descriptor)).toEqual([])
  })
})

describe('a list that a form says', () => {
  it('is judged once, however long it is', () => {
    const known: Descriptor = { ...descriptor, request: { ...descriptor.request, encoding: 'form' } }
    let reads = 0
    const texts = new Proxy(
      Array.from({ length: 1_000 }, () => 'x'),
      { get: (list, name) => ((reads += 1), Reflect.get(list, name) as unknown) },
    )
    explainLeaves(buildPayload({ ...desk, texts }), known)
    expect(reads).toBeLessThan(20_000)
  })
})
