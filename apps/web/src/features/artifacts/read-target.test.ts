import { expect, test } from 'vitest'
import { readTarget } from './read-target.ts'
import { resolveArtifactPath } from './resolve-artifact-path.ts'

test('A relative address means the artifact beside the document, and none outside of the run', () => {
  expect(resolveArtifactPath('out/report.md', 'chart.png')).toBe('out/chart.png')
  expect(resolveArtifactPath('out/report.md', './a%20b.png?x#y')).toBe('out/a b.png')
  expect(resolveArtifactPath('out/report.md', '../chart.png')).toBe('chart.png')
  expect(resolveArtifactPath('out/report.md', '/logs/a.log')).toBe('logs/a.log')
  for (const target of ['../../secret', '', '#x', 'https://a.example/x', '//a.example/x', 'javascript:x', '%zz', '..'])
    expect(resolveArtifactPath('out/report.md', target), target).toBeNull()
})

test('Only the web, headings and artifacts that are there lead anywhere', () => {
  const read = (target: string) => readTarget('report.md', target, new Set(['chart.png']))
  expect(read('https://EXAMPLE.com/a')).toEqual({ kind: 'site', address: 'https://example.com/a', host: 'example.com' })
  expect(read('https://аpple.example/')).toMatchObject({ host: 'xn--pple-43d.example' })
  expect(read('#Gr%C3%B6%C3%9Fe')).toEqual({ kind: 'heading', slug: 'größe' })
  expect(read('chart.png')).toEqual({ kind: 'artifact', path: 'chart.png' })
  for (const target of [
    'other.png',
    'javascript:alert(1)',
    'data:text/html,x',
    'blob:x',
    'ftp://a.example',
    'mailto:a@b.example',
    '//a.example',
    'https://',
  ])
    expect(read(target), target).toEqual({ kind: 'none' })
})
