import { savedQueriesPerOperator } from '@autopack/contract/limits'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectStatus } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
/** Somebody new in each test, and somebody else. */
let who: string
let other: string
let count = 0
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())
beforeEach(async () => {
  count += 1
  who = await deps.addOperator({ name: `keeper-${count}`, role: 'viewer' })
  other = await deps.addOperator({ name: `other-${count}`, role: 'admin' })
})

type Saved = { items: { name: string; query: string; saved_at: string }[] }
const path = '/operator/audit/queries'
const namesOf = ({ items }: Saved) => items.map(({ name, query }) => [name, query])
const list = async (person = who) => (await expectStatus(await deps.asOperator(person).get(path), 200)) as Saved
const save = async (name: string, query: string) => (await expectStatus(await deps.asOperator(who).post(path, { name, query }), 200)) as Saved
const remove = async (name: string, person = who) =>
  (await expectStatus(await deps.asOperator(person).post(`${path}/remove`, { name }), 200)) as Saved

describe('saved queries', () => {
  test('are there by name, and one of the same name is replaced', async () => {
    expect((await list()).items).toEqual([])
    await save('  Refusals of a week ', 'result:refused since:7d')
    await save('Decisions', 'did:decision')
    expect(namesOf(await save('Decisions', 'did:decision who:admin'))).toEqual([
      ['Decisions', 'did:decision who:admin'],
      ['Refusals of a week', 'result:refused since:7d'],
    ])
    expect(namesOf(await list())).toHaveLength(2)
  })

  test('are removed by name; one that is not there is removed already', async () => {
    await save('Decisions', 'did:decision')
    expect((await remove('Decisions')).items).toEqual([])
    expect((await remove('Decisions')).items).toEqual([])
  })

  test('are one person’s own: nobody else reads, replaces or removes them, admins neither', async () => {
    await save('Decisions', 'did:decision')
    expect((await list(other)).items).toEqual([])
    expect((await remove('Decisions', other)).items).toEqual([])
    expect(namesOf(await list())).toEqual([['Decisions', 'did:decision']])
  })

  test('a query that does not parse is not kept, and the answer says where it stops being one', async () => {
    const answer = await deps.asOperator(who).post(path, { name: 'Odd', query: 'whom:mira' })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('body.query, character 1') })
    expect((await list()).items).toEqual([])
  })

  test.each([
    ['no name', { name: ' ', query: 'did:decision' }],
    ['a name that is too long', { name: 'x'.repeat(81), query: 'did:decision' }],
    ['no query', { name: 'Empty', query: '' }],
    ['a query that is too long', { name: 'Long', query: 'x'.repeat(241) }],
    ['a NUL', { name: 'a\u0000b', query: 'did:decision' }],
  ])('%s is refused', async (_what, body) => expect((await deps.asOperator(who).post(path, body)).status).toBe(400))

  test('nobody keeps more than the most there may be, also when two are saved at once; an old one is replaced all the same', async () => {
    for (let number = 1; number < savedQueriesPerOperator; number += 1) await save(`q${number}`, 'did:decision')
    const answers = await Promise.all(['one', 'two'].map((name) => deps.asOperator(who).post(path, { name, query: 'did:decision' })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const refused = await deps.asOperator(who).post(path, { name: 'three', query: 'did:decision' })
    expect(await refused.json()).toMatchObject({ code: 'too_many_saved_queries' })
    expect((await save('q1', 'did:refusal')).items).toHaveLength(savedQueriesPerOperator)
  })
})
