import type { JsonValue } from '../../src/canonical-profile.ts'
import type { Payload } from '../../src/payload.ts'

type Body = { [name: string]: JsonValue }
type More = { body?: Body; target?: Payload['target']; files?: Payload['files']; path?: string; method?: Payload['request']['method'] }

const seal = 'a3'.repeat(32)

function build(
  provider: string,
  operation: string,
  target: Payload['target'],
  path: string,
  body: Body | null,
  cost: Payload['cost'],
  more: More,
): Payload {
  const whole = body === null && more.body === undefined ? null : { ...body, ...more.body }
  const method = more.method ?? (operation === 'set_quantity' ? 'PUT' : operation === 'list_listings' ? 'GET' : 'POST')
  return {
    v: 1,
    provider,
    operation,
    target: { ...target, ...more.target },
    mode: 'live',
    cost,
    request: { method, path: more.path ?? path, body: whole },
    files: more.files ?? [],
  }
}

export function buildListing(more: More = {}): Payload {
  const body = {
    title: 'Walnut desk organiser',
    description: 'Solid walnut, oiled by hand.\nFits a drawer of 30 cm.',
    price: { amount_minor: 3_800, currency: 'EUR' },
    quantity: 12,
    report_sha256: seal,
    tags: ['walnut', 'office'],
  }
  return build('demo_shop', 'create_listing', { shop: 'demo-shop' }, '/api/listings', body, { amount_minor: 20, currency: 'USD' }, more)
}

export function buildReading(more: More = {}): Payload {
  return build('demo_shop', 'list_listings', { shop: 'demo-shop' }, '/api/listings', null, null, more)
}

export function buildStock(more: More = {}): Payload {
  const id = String(more.target?.['listing_id'] ?? 'lst-4711')
  return build('demo_shop', 'set_quantity', { shop: 'demo-shop', listing_id: id }, `/api/listings/${id}/quantity`, { quantity: 7 }, null, more)
}

export function buildTakedown(more: More = {}): Payload {
  const id = String(more.target?.['listing_id'] ?? 'lst-4711')
  const body = { reason: 'Sold out for good.' }
  return build('demo_shop', 'unpublish_listing', { shop: 'demo-shop', listing_id: id }, `/api/listings/${id}/unpublish`, body, null, more)
}

export function buildEtsyListing(more: More = {}): Payload {
  const id = String(more.target?.['shop_id'] ?? 44_110_727)
  const body = {
    title: 'Walnut desk organiser',
    description: 'Solid walnut, oiled by hand.',
    price: '38.00',
    quantity: 3,
    who_made: 'i_did',
    when_made: 'made_to_order',
    taxonomy_id: 891,
    tags: ['walnut', 'office'],
    materials: ['walnut', 'oil'],
  }
  const fee = { amount_minor: 20, currency: 'USD' }
  return build('etsy', 'create_listing', { shop_id: 44_110_727 }, `/v3/application/shops/${id}/listings`, body, fee, more)
}

/** Ordinary proposals in several languages: nothing in them may be called deceptive, or nobody reads what is. */
export const honestPayloads: ReadonlyArray<readonly [what: string, payload: Payload]> = [
  ['a listing', buildListing()],
  ['a reading', buildReading()],
  ['a stock', buildStock()],
  ['a takedown', buildTakedown()],
  ['an Etsy draft', buildEtsyListing()],
  ...(
    [
      ['English', 'Handmade oak tray', 'A tray for letters, 21 × 29.7 cm, approx. 1.2 kg. Ships in 3–5 days; €38.00 each.'],
      ['German', 'Schreibtisch-Ablage aus Nussbaum', 'Geölt, für Größe A4. Preis: 38,00 €. Versand übermorgen.'],
      ['French', 'Plateau en chêne «naturel»', 'Fait main à Besançon. Prix : 38 €. Qualité vérifiée à l’atelier.'],
      ['Spanish', 'Bandeja de roble', '¿Regalo? ¡Sí! Hecha a mano en Logroño, 38,00 €.'],
      ['Turkish', 'Ceviz masa düzenleyici', 'Işıl ışıl, İzmir’de yapıldı; ığdır cevizi.'],
      ['Polish', 'Organizer z orzecha włoskiego', 'Ręcznie olejowany w Łodzi, źródło: lasy państwowe.'],
      ['Russian', 'Органайзер из ореха', 'Сосна и орех, ручная работа. Размер 30 см, вес 1,2 кг.'],
      ['Greek', 'Δίσκος από καρυδιά', 'Χειροποίητος, 30 cm, πάχος 80 μm βερνίκι.'],
      ['Arabic', 'منظم مكتب من خشب الجوز', 'مصنوع يدويا من خشب صلب.'],
      ['Hebrew', 'מגש עץ אגוז', 'עבודת יד, שמן טבעי.'],
      ['Chinese', '胡桃木桌面收纳盒', '手工打磨，适合A4纸。'],
      ['Japanese', 'ウォールナットのデスク収納', '手作り。A4サイズの書類が入ります。'],
      ['Korean', '호두나무 책상 정리함', '손으로 만든 원목 제품입니다.'],
      ['Hindi', 'अखरोट की लकड़ी का ट्रे', 'हाथ से बना हुआ।'],
      ['emoji', 'Walnut tray 🎁 ❤️ 👩‍👩‍👧', 'Reasons to love it 😀 ✔️'],
    ] as const
  ).map(([what, title, description]) => [`a listing in ${what}`, buildListing({ body: { title, description } })] as const),
  [
    'a listing in Markdown',
    buildListing({ body: { details_markdown: '# Care\n\n- wipe dry\n- oil **yearly**\n\nSee [our shop](https://shop.example/care).' } }),
  ],
  ['a listing with files', buildListing({ files: [{ name: 'report-2026.md', sha256: seal, size_bytes: 1_234 }] })],
]
