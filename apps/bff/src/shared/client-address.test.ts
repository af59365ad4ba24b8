import { describe, expect, test } from 'vitest'
import { addressBucket, clientAddress, parseTrustedProxies } from './client-address.ts'

function trusted(text: string) {
  const parsed = parseTrustedProxies(text)
  if (!parsed.ok) throw new Error(parsed.why)
  return parsed.proxies
}

describe('the address of a caller', () => {
  test.each([
    ['without a trusted proxy is the peer, whatever a header says', 'none', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['behind one proxy is what that proxy saw', '10.0.0.0/8', '10.0.0.2', '203.0.113.9', '203.0.113.9'],
    ['is never what the caller wrote in front', '10.0.0.0/8', '10.0.0.2', '6.6.6.6, 203.0.113.9', '203.0.113.9'],
    ['behind two proxies is the rightmost that is not ours', '10.0.0.0/8', '10.0.0.2', '6.6.6.6, 203.0.113.9, 10.0.0.3', '203.0.113.9'],
    ['is the proxy when the header is missing', '10.0.0.0/8', '10.0.0.2', undefined, '10.0.0.2'],
    ['is the proxy when the header is rubbish', '10.0.0.0/8', '10.0.0.2', 'unknown', '10.0.0.2'],
    ['knows IPv4 in IPv6 clothes', '10.0.0.2', '::ffff:10.0.0.2', '2001:db8::1', '2001:db8::1'],
    ['is unknown without a peer', 'none', undefined, '1.1.1.1', 'unknown'],
  ])('%s', (_, proxies, peer, forwarded, address) => {
    expect(clientAddress(peer, forwarded, trusted(proxies))).toBe(address)
  })
})

test('an IPv6 subscriber is one bucket, an IPv4 address is one', () => {
  expect(addressBucket('2001:db8:0:1::1')).toBe('2001:db8:0:1::/64')
  expect(addressBucket('2001:0db8:0000:0001:ffff:ffff:ffff:ffff')).toBe('2001:db8:0:1::/64')
  expect(addressBucket('2001:db8::5')).toBe('2001:db8:0:0::/64')
  expect(addressBucket('::1')).toBe('0:0:0:0::/64')
  expect(addressBucket('203.0.113.9')).toBe('203.0.113.9')
  expect(addressBucket('unknown')).toBe('unknown')
})
