import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const document = read('docs/evidence.md')
const source = (name: string) => read(`packages/verifier/src/${name}.ts`)
const quoted = (text: string) => [...text.matchAll(/'([^']+)'/g)].map(([, inside]) => inside!)

describe('the specification of receipts', () => {
  it('names every text that a member may be one of', () => {
    const texts = [...source('receipt').matchAll(/oneOf\(('[^)]+)\)/g)].flatMap(([, list]) => quoted(list!))
    expect(texts.length).toBeGreaterThan(40)
    for (const text of texts) expect(document).toMatch(new RegExp(`[\`"]${text}[\`"]`))
  })

  it('says what is drawn: the version, the formats, the fields of every payload and what is written out', () => {
    const [, version] = /drawnVersion = '(\d+)'/.exec(source('draw-action'))!
    expect(document).toContain(`renderer_version: "${version}"`)
    const [, formats] = /fieldFormats = \[([^;]+?)\] as const\n/.exec(source('descriptor'))!
    expect(quoted(formats!).length).toBe(16)
    for (const format of quoted(formats!)) expect(document).toContain(`\`${format}\``)
    const fields = [...source('explain-payload').matchAll(/every\('([^']+)', '([^']+)', '/g)]
    expect(fields.length).toBe(14)
    for (const [, path, label] of fields) {
      expect(document).toMatch(path === '/request/body' ? `"${label!}"` : new RegExp(`\`${path!.replaceAll('*', '\\*')}\` +\\| ${label!} `))
    }
    const [, ranges] = /hiddenRanges = \(([^)]+)\)/.exec(source('visible-text'))!
    const written = quoted(ranges!).join('')
    expect(written.split(' ').length).toBe(32)
    expect(document.replaceAll(/\s+/g, ' ')).toContain(written)
  })
})
