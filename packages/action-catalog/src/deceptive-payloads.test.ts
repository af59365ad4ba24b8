import { compareTarget } from '@autopack/approval-proof/compare-target'
import { knownTargets } from '@autopack/approval-proof/deceptive-payload'
import type { DeceptivePayload } from '@autopack/approval-proof/deceptive-payload'
import { deceptivePayloads } from '@autopack/approval-proof/deceptive-payloads'
import { findDeceptions } from '@autopack/approval-proof/find-deceptions'
import { honestPayloads } from '@autopack/approval-proof/honest-payloads'
import { readPayload, toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import { describe, expect, it } from 'vitest'
import { catalog, findDescriptor } from './catalog.ts'

function read(proposed: Payload) {
  const parsed = readPayload(toPayloadText(proposed))
  if (!parsed.ok) throw new Error(parsed.detail)
  const { payload } = parsed
  const descriptor = findDescriptor(payload.provider, payload.operation) ?? null
  const known = knownTargets.filter((target) => target.startsWith(`${payload.provider}/`))
  const { target_text } = computePolicy(payload, descriptor)
  return {
    descriptor,
    rendered: renderAction(payload, descriptor),
    findings: [...findDeceptions(payload, descriptor), compareTarget(target_text, known)],
  }
}

/** What a person would see of it, or null. */
function findSign({ payload, sign }: DeceptivePayload): string | null {
  const { rendered, findings } = read(payload)
  if ('finding' in sign) return findings.find(({ code, level }) => code === sign.finding && level === 'finding')?.detail ?? null
  if ('sentence' in sign) return rendered.sentence_text.includes(sign.sentence) ? rendered.sentence_text : null
  if ('unexplained' in sign) return rendered.blind && rendered.coverage.unexplained.includes(sign.unexplained) ? rendered.sentence_text : null
  const field = rendered.fields.find(({ pointer }) => pointer === sign.at)
  return field?.value_text.includes(sign.escaped) && rendered.coverage.hidden_characters > 0 ? field.value_text : null
}

describe('300 deceptive payloads', () => {
  it('are at least so many, all different, over every kind of action of the catalog', () => {
    expect(deceptivePayloads.length).toBeGreaterThanOrEqual(300)
    expect(new Set(deceptivePayloads.map(({ payload }) => toPayloadText(payload))).size).toBe(deceptivePayloads.length)
    const kinds = new Set(deceptivePayloads.map(({ payload }) => `${payload.provider}.${payload.operation}`))
    expect(kinds).toEqual(new Set(catalog.map(({ id }) => id)))
  })

  it.each(deceptivePayloads)('show what they are to the person who decides: $what', (deceptive) => {
    expect(findSign(deceptive)).not.toBeNull()
  })

  it('are never repeated raw: a finding writes out what hides or moves', () => {
    for (const { payload, what } of deceptivePayloads) {
      for (const { title, detail } of read(payload).findings) {
        expect(`${title}${detail}`, what).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e0fff}]/u,
        )
        expect(detail.length, what).toBeLessThan(1_000)
      }
    }
  })
})

describe('honest payloads', () => {
  it.each(honestPayloads)('are found nothing against: %s', (_what, payload) => {
    expect(read(payload).findings).toMatchObject([{ code: 'known_target', level: 'pass' }])
    expect(read(payload).rendered).toMatchObject({ blind: false, coverage: { hidden_characters: 0 } })
  })
})

describe('the target', () => {
  it('that nobody could compare is no passed check', () => {
    expect(compareTarget('demo_shop/demo-shop', null)).toMatchObject({ code: 'new_target', level: 'could_not_check' })
    expect(compareTarget('demo_shop/demo-shop', [])).toMatchObject({ code: 'new_target', level: 'could_not_check' })
  })

  it('that is new, and like no other, is said to be new, with the ones that are known', () => {
    const found = compareTarget('demo_shop/evil', ['demo_shop/demo-shop'])
    expect(found).toMatchObject({ code: 'new_target', level: 'finding' })
    expect(found.detail).toContain('demo_shop/demo-shop')
  })
})

describe('the search for deceptions', () => {
  it('reads the largest payload there can be in less than two seconds', () => {
    const hostile = ['<a ', '[a](', 'a.', 'data:', '%70', '{"', ' \n', 'no ', 'http://', '&#1;', 'a b c d ', '\\u0041', 'á', '"\':', 'A@']
    for (const piece of hostile) {
      const description = piece.repeat(Math.floor(200_000 / new TextEncoder().encode(JSON.stringify(piece)).length))
      const payload = { ...honestPayloads[0]![1] }
      payload.request = { ...payload.request, body: { ...(payload.request.body as object), description, title: description } }
      const half = { ...payload, request: { ...payload.request, body: { ...(payload.request.body as object), title: 'x' } } }
      const started = performance.now()
      read(half)
      expect(performance.now() - started, piece).toBeLessThan(2_000)
    }
  }, 60_000)
})
