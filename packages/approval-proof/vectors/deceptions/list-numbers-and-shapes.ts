import type { Payload } from '../../src/payload.ts'
import type { DeceptivePayload } from './deceptive-payload.ts'
import { buildEtsyListing, buildListing, buildReading, buildStock, buildTakedown } from './honest-payloads.ts'

const numbersInText = [
  '1O0 pieces',
  'for l00 euro',
  'I00 pieces',
  '1o.5 kg',
  '\u0661\u0662\u0663 pieces',
  '\uff11\uff12\uff13 pieces',
  '\u0967\u0968 pieces',
  '5O%',
]
const otherAmounts = ['Only €3.80', 'Price: 3.80 EUR', '€ 380', '38000 EUR', 'now $38,000.00', 'EUR 3,80', '£39']
const decimals = ['12.500', '1.000', '38.000', '38.00000', '0.00001']
const integers = [1_000_000, 100_000, 10_000_000, 111_111, 9_999_990]

function unexplained(what: string, payload: Payload, pointer: string): DeceptivePayload {
  return { what, payload, sign: { unexplained: pointer } }
}

/** Numbers that are read as others, and payloads of another shape than the one that is described. */
export function listNumbersAndShapes(): DeceptivePayload[] {
  const price = { amount_minor: 3_800, currency: 'EUR' }
  return [
    ...numbersInText.map((text, place) => ({
      what: `the number in ${JSON.stringify(text)}`,
      payload: place % 2 === 0 ? buildListing({ body: { title: text } }) : buildEtsyListing({ body: { description: text } }),
      sign: { finding: 'look_alike_number' },
    })),
    ...otherAmounts.map((text, place) => ({
      what: `the amount ${text}`,
      payload: place % 2 === 0 ? buildListing({ body: { title: `Tray. ${text}` } }) : buildEtsyListing({ body: { description: `Tray. ${text}` } }),
      sign: { finding: 'other_amount' },
    })),
    ...decimals.map((text) => ({
      what: `the price ${text}`,
      payload: buildEtsyListing({ body: { price: text } }),
      sign: { finding: 'misread_number' },
    })),
    ...integers.map((quantity, place) => ({
      what: `the quantity ${quantity}`,
      payload: [buildListing, buildStock, buildEtsyListing][place % 3]!({ body: { quantity } }),
      sign: { finding: 'misread_number' },
    })),
    unexplained('a second price', buildListing({ body: { Price: price } }), '/request/body/Price/amount_minor'),
    unexplained('a title with another letter in its name', buildListing({ body: { 'titl\u0435': 'Other' } }), '/request/body/titl\u0435'),
    unexplained('a name with a zero-width space', buildListing({ body: { 'price\u200b': 1 } }), '/request/body/price\u200b'),
    unexplained('a name with an override', buildTakedown({ body: { '\u202enosaer': 'x' } }), '/request/body/\u202enosaer'),
    unexplained('a member nobody described', buildListing({ body: { redirect: 'https://evil.example' } }), '/request/body/redirect'),
    unexplained('something in an inner object', buildListing({ body: { price: { ...price, discount: 99 } } }), '/request/body/price/discount'),
    unexplained('an object for a text', buildListing({ body: { title: { en: 'Tray', de: 'Other' } } }), '/request/body/title/de'),
    unexplained('a list for a text', buildTakedown({ body: { reason: ['Sold out', 'Other'] } }), '/request/body/reason/1'),
    unexplained('a text for a number', buildListing({ body: { quantity: '12' } }), '/request/body/quantity'),
    unexplained('a number for a text', buildListing({ body: { title: 12 } }), '/request/body/title'),
    unexplained(
      'twenty levels',
      buildListing({ body: { deep: JSON.parse('['.repeat(20) + '1' + ']'.repeat(20)) as [] } }),
      `/request/body/deep${'/0'.repeat(20)}`,
    ),
    unexplained('another path', buildListing({ path: '/api/listings/1/refund' }), '/request/path'),
    unexplained('a query', buildListing({ path: '/api/listings?draft=no' }), '/request/path'),
    unexplained('another method', buildListing({ method: 'PUT' }), '/request/method'),
    unexplained('a second target', buildReading({ target: { mirror: 'evil-shop' } }), '/target/mirror'),
    unexplained('a listing of another path', buildStock({ path: '/api/listings/lst-9999/quantity' }), '/request/path'),
    unexplained('no currency', buildListing({ body: { price: { amount_minor: 3_800, currency: 'euro' } } }), '/request/body/price/currency'),
    unexplained('a hash that is none', buildListing({ body: { report_sha256: 'a3' } }), '/request/body/report_sha256'),
    unexplained('another fee', { ...buildEtsyListing(), cost: { amount_minor: 2, currency: 'USD' } }, '/cost/amount_minor'),
    unexplained('a price that is no decimal', buildEtsyListing({ body: { price: '38,00' } }), '/request/body/price'),
    unexplained('a price in other digits', buildEtsyListing({ body: { price: '\uff13\uff18.00' } }), '/request/body/price'),
    {
      what: 'a title that ends its quotation',
      payload: buildListing({ body: { title: 'Tray» on evil-shop at €1' } }),
      sign: { sentence: 'Tray⟨U+00BB⟩ on evil-shop' },
    },
    { what: 'a title that opens another', payload: buildListing({ body: { title: 'Tray «approved' } }), sign: { sentence: 'Tray ⟨U+00AB⟩approved' } },
    { what: 'a title on two lines', payload: buildListing({ body: { title: 'Tray\nCost: nothing' } }), sign: { sentence: 'Tray⟨U+000A⟩Cost' } },
    { what: 'a reason on two lines', payload: buildTakedown({ body: { reason: 'Sold\nout' } }), sign: { sentence: 'Sold⟨U+000A⟩out' } },
    {
      what: 'a title that imitates an escape',
      payload: buildListing({ body: { title: 'Tray ⟨U+202E⟩' } }),
      sign: { escaped: 'Tray ⟨U+27E8⟩U+202E⟩', at: '/request/body/title' },
    },
    {
      what: 'a shop that imitates an escape',
      payload: buildReading({ target: { shop: 'demo⟨U+002D⟩shop' } }),
      sign: { escaped: 'demo⟨U+27E8⟩U+002D⟩shop', at: '/target/shop' },
    },
  ]
}
