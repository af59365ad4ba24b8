import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeDatabase } from './describe-database.ts'

test.each([
  ['postgres://ada:s3cret@db.example.net/autopack', 'PostgreSQL, autopack at db.example.net'],
  ['postgresql://ada:s3cret@db.example.net:5433/autopack?sslmode=require', 'PostgreSQL, autopack at db.example.net:5433'],
  ['postgres://ada:s3cret@[::1]:5433/autopack', 'PostgreSQL, autopack at [::1]:5433'],
  ['postgres://ada:s3@cret@db/autopack', 'PostgreSQL, autopack at db'],
  ['postgres:///autopack?host=/var/run/postgresql&user=ada&password=s3cret', 'PostgreSQL, autopack at /var/run/postgresql'],
])('%s is named by host and database, without user and password', (url, expected) => {
  expect(describeDatabase({ DATABASE_URL: url })).toBe(expected)
})

test.each([
  'postgres://ada:12/s3cret@db/autopack',
  'postgres://ada:12/s3cret?@db/autopack',
  'postgres://ada:12#s3cret@db/autopack',
  'postgres://ada:s3cret@db',
  'ada s3cret',
])('of %s, which cannot be told apart for certain, nothing is shown', (url) => {
  expect(describeDatabase({ DATABASE_URL: url })).toBe('PostgreSQL')
})

test('a URL in a file is described too, and no URL is the embedded database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'describe-database-'))
  try {
    const file = join(folder, 'url')
    writeFileSync(file, 'postgres://ada:s3cret@db/autopack\n')
    expect(describeDatabase({ DATABASE_URL_FILE: file })).toBe('PostgreSQL, autopack at db')
    expect(describeDatabase({ DATABASE_URL: '' })).toMatch(/^embedded /)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
