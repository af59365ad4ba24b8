/** ISO 4217, list one: how many decimals a currency has, and the currencies that have as many. */
const currencies: ReadonlyArray<readonly [number, string]> = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD ' +
      'EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL ' +
      'MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR ' +
      'SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW',
  ],
]

const decimals = new Map(currencies.flatMap(([count, codes]) => codes.split(' ').map((code) => [code, count] as const)))

/** `€38.00`, `CHF 1,234.50`, `JPY 500`; a currency that is not known keeps its minor units, `3800 minor units of XYZ`. */
export function writeMoney(minor: number, currency: string): string {
  const count = decimals.get(currency)
  if (count === undefined) return `${minor} minor units of ${currency}`
  const digits = String(Math.abs(minor)).padStart(count + 1, '0')
  const point = digits.length - count
  let whole = ''
  for (const [place, digit] of Array.from(digits.slice(0, point)).entries()) {
    if (place > 0 && (point - place) % 3 === 0) whole += ','
    whole += digit
  }
  const sign = { EUR: '€', GBP: '£', USD: '$' }[currency] ?? `${currency} `
  return `${minor < 0 ? '-' : ''}${sign}${whole}${count > 0 ? `.${digits.slice(point)}` : ''}`
}
