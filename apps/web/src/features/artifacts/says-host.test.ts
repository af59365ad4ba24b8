import { expect, test } from 'vitest'
import { saysHost } from './says-host.ts'

test('An address says its own host, with or without a path, in any case', () => {
  for (const words of ['https://shop.example', 'http://shop.example/a', 'HTTPS://SHOP.example?a', 'https://shop.example#a'])
    expect(saysHost(words, 'shop.example'), words).toBe(true)
})

test('Words that only look like the host do not say it', () => {
  for (const words of [
    'shop.example',
    'https://shop.example.evil.example',
    'https://shopXexample',
    'https://shop.example@evil.example',
    ' https://shop.example',
  ])
    expect(saysHost(words, 'shop.example'), words).toBe(false)
  expect(saysHost('https://google.example', 'goo+gle.example')).toBe(false)
})

test('A host of any characters that an address may have is compared, not interpreted', () => {
  for (const host of ['a(b', 'a)b', 'a*', '+', 'a{1', '[::1]:8080']) {
    expect(new URL(`http://${host}/`).host).toBe(host)
    expect(saysHost(`http://${host}/`, host), host).toBe(true)
  }
})
