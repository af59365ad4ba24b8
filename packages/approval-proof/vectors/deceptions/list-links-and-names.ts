import type { DeceptivePayload } from './deceptive-payload.ts'
import { buildEtsyListing, buildListing, buildReading, buildTakedown } from './honest-payloads.ts'

const links = [
  ...[
    'https://demo-shop.example@evil.example/pay',
    'https://xn--pypal-4ve.example/',
    'https://p\u0430ypal.example/',
    'http://203.0.113.7/',
    'http://3405803783/',
  ],
  ...['https://[2001:db8::1]/', 'https://etsy.com.evil.example/', 'https://www.paypal.com-login.example/', 'https://bit.ly/3abc', 'https://t.co/xyz'],
  ...[
    'data:text/html,<b>pay</b>',
    'data:text/html;base64,PGI+',
    'javascript:pay()',
    'vbscript:pay',
    'file:///etc/passwd',
    'blob:https://x.example/1',
    'intent://pay#Intent',
  ],
  ...['[etsy.com](https://evil.example/etsy.com)', '[https://etsy.com/shop](https://evil.example/)', '<a href="https://evil.example">etsy.com</a>'],
  ...[
    'https://evil.example\\@etsy.com/',
    'https:/evil.example/',
    'https://etsy.com/?next=https://evil.example',
    'https://x.example:8443/',
    'https://\u2488com/',
  ],
]
const files = [
  ...[
    'report.pdf.exe',
    'photo.png.js',
    'invoice.docx .scr',
    'notes.txt.lnk',
    'setup.exe',
    'run.sh',
    'macro.vbs',
    'page.hta',
    '../report.md',
    '.htaccess',
  ],
  ...['C:report.md', 'a/b.md', 'a\\b.md', 'report.md ', 'report.md.', 'image.jpg.html'],
]
const rightToLeft = ['\u05d3\u05d5\u05d7.exe', 'report-\u05d3\u05d5\u05d7-2026.md', '\u062a\u0642\u0631\u064a\u0631 12.pdf', 'gpj.\u0627\u0628.exe']

/** Addresses that lead elsewhere than they say, and names of files that are not what they seem. */
export function listLinksAndNames(): DeceptivePayload[] {
  return [
    ...links.map((link, place) => ({
      what: `the link ${link}`,
      payload: [
        buildListing({ body: { description: `Read more: ${link} today.` } }),
        buildListing({ body: { details_markdown: `# Care\n\nRead ${link} first.` } }),
        buildTakedown({ body: { reason: `See ${link}` } }),
        buildEtsyListing({ body: { description: `Read ${link}` } }),
      ][place % 4]!,
      sign: { finding: 'suspect_link' },
    })),
    ...files.map((name) => ({
      what: `the file ${JSON.stringify(name)}`,
      payload: buildListing({ files: [{ name, sha256: 'c5'.repeat(32), size_bytes: 5 }] }),
      sign: { finding: 'suspect_file_name' },
    })),
    ...rightToLeft.map((name) => ({
      what: `the file ${JSON.stringify(name)}`,
      payload: buildListing({ files: [{ name, sha256: 'c5'.repeat(32), size_bytes: 5 }] }),
      sign: { finding: 'two_directions' },
    })),
    {
      what: 'a shop in two directions',
      payload: buildReading({ target: { shop: '\u05d7\u05e0\u05d5\u05ea demo 12' } }),
      sign: { finding: 'two_directions' },
    },
    {
      what: 'a title in two directions',
      payload: buildTakedown({ body: { reason: '\u05de\u05d7\u05d9\u05e8 38 EUR \u05d1\u05dc\u05d1\u05d3' } }),
      sign: { finding: 'two_directions' },
    },
  ]
}
