import { expect, test } from 'vitest'
import { describeDownload, describeEncoding, describeWithheld } from './withheld-words.ts'

test('What is kept back says why and who may have it, and what is not says nothing', () => {
  expect(describeWithheld('secret_found')).toMatchObject({ badge: 'withheld · holds a secret', who: expect.stringContaining('Nobody') })
  expect(describeWithheld('not_searchable')?.who).toContain('admin')
  expect(describeWithheld(null)).toBeNull()
})

test('Only an encoding that is not plain UTF-8 is worth a word', () => {
  expect(describeEncoding('utf-16le')).toBe('was UTF-16 LE')
  expect(describeEncoding('utf-8')).toBeNull()
  expect(describeEncoding(null)).toBeNull()
})

test('The download says what it gets: redacted or not, decoded or not, searched or not', () => {
  const redactions = { count: 2, by_rule: { jwt: 2 }, rules_version: '1' }
  expect(describeDownload({ shown_as: 'text', redactions, encoding: 'utf-16be', withheld: null })).toBe('The redacted whole in UTF-8')
  expect(describeDownload({ shown_as: 'text', redactions: { ...redactions, count: 0 }, encoding: 'utf-8', withheld: null })).toMatch(
    /^The whole file;/,
  )
  expect(describeDownload({ shown_as: 'image', redactions: null, encoding: null, withheld: null })).toContain('no secret was found')
  expect(describeDownload({ shown_as: 'download', redactions: null, encoding: null, withheld: 'not_searchable' })).toContain('not searched')
})
