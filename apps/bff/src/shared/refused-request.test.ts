import { describe, expect, test } from 'vitest'
import { refusedRequest } from './refused-request.ts'

const origin = 'http://localhost:4600'
const read = { host: 'localhost:4600' }
const change = { host: 'localhost:4600', origin, 'x-csrf': '1', 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }
const refuse = (method: string, headers: Record<string, string | undefined>, path = '/api/runs') =>
  refusedRequest({ method, path, header: (name) => headers[name] }, origin)?.code ?? null

describe('a read', () => {
  test.each([
    ['without fetch metadata', read, null],
    ['of the same origin', { ...read, 'sec-fetch-site': 'same-origin' }, null],
    ['typed by a person', { ...read, 'sec-fetch-site': 'none' }, null],
    ['of the same site but another origin', { ...read, 'sec-fetch-site': 'same-site' }, 'forged_request'],
    ['of another site', { ...read, 'sec-fetch-site': 'cross-site' }, 'forged_request'],
    ['under another host', { host: '127.0.0.1:4600' }, 'forged_request'],
    ['under the host without its port', { host: 'localhost' }, 'forged_request'],
    ['without a host', {}, 'forged_request'],
  ])('%s', (_, headers, code) => expect(refuse('GET', headers)).toBe(code))
})

describe('a change', () => {
  test.each([
    ['of the console itself', change, null],
    ['of a client without fetch metadata', { ...change, 'sec-fetch-site': undefined }, null],
    ['typed by a person', { ...change, 'sec-fetch-site': 'none' }, 'forged_request'],
    ['of another site', { ...change, 'sec-fetch-site': 'cross-site' }, 'forged_request'],
    ['without Origin', { ...change, origin: undefined }, 'forged_request'],
    ['with Origin null', { ...change, origin: 'null' }, 'forged_request'],
    ['with an Origin that begins like ours', { ...change, origin: `${origin}0` }, 'forged_request'],
    ['with another Origin', { ...change, origin: 'http://127.0.0.1:4602' }, 'forged_request'],
    ['without X-CSRF', { ...change, 'x-csrf': undefined }, 'forged_request'],
    ['with another X-CSRF', { ...change, 'x-csrf': '0' }, 'forged_request'],
    ['with a method override', { ...change, 'x-http-method-override': 'GET' }, 'forged_request'],
    ['as plain text', { ...change, 'content-type': 'text/plain' }, 'unsupported_media_type'],
    ['as a form', { ...change, 'content-type': 'application/x-www-form-urlencoded' }, 'unsupported_media_type'],
    ['as JSON with a parameter', { ...change, 'content-type': 'application/json; charset=utf-8' }, 'unsupported_media_type'],
    ['without a content type', { ...change, 'content-type': undefined }, 'unsupported_media_type'],
  ])('%s', (_, headers, code) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) expect(refuse(method, headers)).toBe(code)
  })
})

describe('a form of the plain brake page', () => {
  const form = { host: 'localhost:4600', origin, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  test.each([
    ['of the page itself', form, null],
    ['of a browser without fetch metadata', { ...form, 'sec-fetch-site': undefined }, null],
    ['of another site', { ...form, 'sec-fetch-site': 'cross-site' }, 'forged_request'],
    ['of the same site but another origin', { ...form, 'sec-fetch-site': 'same-site' }, 'forged_request'],
    ['typed by a person', { ...form, 'sec-fetch-site': 'none' }, 'forged_request'],
    ['without Origin', { ...form, origin: undefined }, 'forged_request'],
    ['with Origin null', { ...form, origin: 'null' }, 'forged_request'],
    ['with another Origin', { ...form, origin: 'http://127.0.0.1:4602' }, 'forged_request'],
    ['under another host', { ...form, host: '127.0.0.1:4600' }, 'forged_request'],
    ['with a method override', { ...form, 'x-http-method-override': 'PUT' }, 'forged_request'],
    ['as JSON', { ...form, 'content-type': 'application/json', 'x-csrf': '1' }, 'unsupported_media_type'],
    ['as plain text', { ...form, 'content-type': 'text/plain' }, 'unsupported_media_type'],
    ['in parts', { ...form, 'content-type': 'multipart/form-data; boundary=a' }, 'unsupported_media_type'],
    ['with a parameter', { ...form, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, 'unsupported_media_type'],
    ['without a content type', { ...form, 'content-type': undefined }, 'unsupported_media_type'],
  ])('%s', (_, headers, code) => expect(refuse('POST', headers, '/brake/plain')).toBe(code))

  test('no other method and no other path takes a form', () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) expect(refuse(method, form, '/brake/plain')).toBe('forged_request')
    for (const path of ['/brake/plain/', '/BRAKE/plain', '//brake/plain', '/brake', '/brake/%70lain', '/api/control/brake', '/api/auth/login'])
      expect(refuse('POST', form, path), path).toBe('forged_request')
  })

  test('a link from elsewhere leads to the page, and nothing else of another site reads it', () => {
    const linked = { host: 'localhost:4600', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    expect(refuse('GET', linked, '/brake/plain')).toBeNull()
    expect(refuse('GET', { ...linked, 'sec-fetch-mode': 'no-cors' }, '/brake/plain')).toBe('forged_request')
    expect(refuse('GET', linked, '/api/control')).toBe('forged_request')
  })
})
