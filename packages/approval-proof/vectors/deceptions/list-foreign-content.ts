import type { DeceptivePayload } from './deceptive-payload.ts'
import { buildEtsyListing, buildListing, buildTakedown } from './honest-payloads.ts'

const nested = [
  ...['{"amount_minor":99900}', '[{"role":"admin"}]', '"quoted"', 'Desk", "price": 1', "{'approved': true}", 'tray {"tier": "A"} of oak'],
  ...[
    '<script>pay()</script>',
    'Tray<!-- 999 EUR -->',
    '<b>Tray</b>',
    '<img src=x onerror=pay()>',
    '<iframe src=//evil.example>',
    '<p hidden>999 EUR</p>',
  ],
  ...[
    '<span style="display:none">999</span>',
    '<form action="//evil.example">',
    '<meta http-equiv=refresh>',
    '<svg onload=pay()>',
    'Tray ${price}',
    'Tray {{ secret }}',
  ],
  ...['<% eval %>', '{% include x %}', '<a href="//evil.example">Tray</a>', '</title><title>Other'],
]
const encoded = [
  ...[
    '%70%61%79 now',
    '&#112;&#97;&#121;',
    '&#x70;&#x61;&#x79;',
    '\\u0070\\u0061\\u0079',
    '\\x70\\x61\\x79',
    'QUJD'.repeat(30),
    '70 61 79 20 39 39 39 20 45 55 52 21',
  ],
  ...['70:61:79:20:39:39:39:20:45:55:52:21', 'tray %E2%80%AE%65%78%65'],
]
const gaps = [
  ...[`Tray${' '.repeat(60)}and a fee of 999`, 'Tray\u00a0\u00a0\u00a0and a fee', 'Tray\u3000\u3000and a fee', ' Tray', 'Tray ', `Tray    of oak`],
  ...['T\u0336r\u0336a\u0336y', 'Tra\u0301\u0302\u0303\u0304y', '=\u0338 sold', 'T\u20d2ray'],
]
const gapCodes = [...Array<string>(6).fill('odd_spacing'), ...Array<string>(4).fill('stacked_marks')]

const inText = (text: string, place: number) =>
  [buildListing({ body: { title: text } }), buildTakedown({ body: { reason: text } }), buildEtsyListing({ body: { title: text } })][place % 3]!

/** Content of another kind, text in code, gaps and length that hide the middle of a text. */
export function listForeignContent(): DeceptivePayload[] {
  const filler = 'Solid walnut, oiled by hand, a pleasure to look at. '
  return [
    ...nested.map((text, place) => ({ what: `the content ${text}`, payload: inText(text, place), sign: { finding: 'nested_content' } })),
    ...encoded.map((text, place) => ({ what: `the code ${text.slice(0, 30)}`, payload: inText(text, place), sign: { finding: 'encoded_text' } })),
    ...gaps.map((text, place) => ({ what: `the gap ${JSON.stringify(text)}`, payload: inText(text, place), sign: { finding: gapCodes[place]! } })),
    ...['\n'.repeat(40), `${' '.repeat(400)}`, '\n \n \n \n \n \n \n '].map((gap) => ({
      what: `a description with ${gap.length} characters of nothing before its end`,
      payload: buildListing({ body: { description: `Solid walnut.${gap}A fee of 999 a year.` } }),
      sign: { finding: 'odd_spacing' },
    })),
    ...[120, 300, 800].map((times) => ({
      what: `a description of ${times} sentences with another one in the middle`,
      payload: buildListing({ body: { description: `${filler.repeat(times)}The buyer pays 999 a year. ${filler.repeat(times)}` } }),
      sign: { finding: 'long_value' },
    })),
    ...[400, 2_000].map((length) => ({
      what: `a title of ${length} characters, cut in the sentence`,
      payload: buildListing({ body: { title: `Tray ${'x'.repeat(length)} and a fee` } }),
      sign: { sentence: `… (${length + 15} characters)` },
    })),
    ...['[//]: # (pay 999)', '[hidden]: <> "pay 999"', '---\nprice: 999\n---\n', '<!-- pay 999 -->', '<details hidden>pay</details>'].map((text) => ({
      what: `Markdown ${JSON.stringify(text)}`,
      payload: buildListing({ body: { details_markdown: `${text}\n\n# Care\n` } }),
      sign: { finding: 'nested_content' },
    })),
  ]
}
