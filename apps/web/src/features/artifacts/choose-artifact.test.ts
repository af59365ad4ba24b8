import type { Artifact } from '@autopack/contract/artifacts'
import { expect, test } from 'vitest'
import { chooseArtifact } from './choose-artifact.ts'

function file(path: string, version = 1): Artifact {
  return {
    path,
    size_bytes: version,
    sha256: String(version).repeat(64),
    media_type: 'text/plain',
    phase_id: null,
    modified_at: '2026-11-22T15:00:00.000Z',
    artifact_version: version,
    shown_as: 'text',
    redactions: null,
    encoding: 'utf-8',
    withheld: null,
    may_download: true,
  }
}

test('Without a name the first file is shown, and stays when one that sorts before it arrives', () => {
  expect(chooseArtifact([file('b')], null, undefined).shown).toEqual(file('b'))
  expect(chooseArtifact([file('a'), file('b')], null, file('b')).shown).toEqual(file('b'))
})

test('What is being read stays when a newer version arrives, and the newer one is known', () => {
  expect(chooseArtifact([file('a', 2)], 'a', file('a', 1))).toEqual({ shown: file('a', 1), newest: file('a', 2) })
})

test('Another name shows another file in its newest version', () => {
  expect(chooseArtifact([file('a', 2), file('b', 3)], 'b', file('a', 1)).shown).toEqual(file('b', 3))
})

test('A name that the index does not hold shows nothing instead of another file', () => {
  expect(chooseArtifact([file('a')], 'z', file('a'))).toEqual({ shown: undefined, newest: undefined })
})
