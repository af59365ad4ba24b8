import type { DeceptivePayload } from './deceptive-payload.ts'
import { buildEtsyListing, buildListing, buildReading, buildStock, buildTakedown } from './honest-payloads.ts'

/** Drawn like `demo-shop`, and another shop: letters of other alphabets. */
const foreignShops = [
  ...['d\u0435mo-shop', 'dem\u043e-shop', 'demo-sh\u043ep', 'demo-sho\u0440', 'demo-\u0455hop', 'demo-s\u04bbop', '\u0501emo-shop'],
  ...['dem\u03bf-shop', 'demo-sh\u03bfp', 'demo-sho\u03c1', 'demo-\u057dhop', 'dem\u0585-shop', 'demo-s\u0570op', 'demo-sh\u1d0fp'],
  ...[
    '\uff44\uff45\uff4d\uff4f-shop',
    '\u{1d41d}\u{1d41e}\u{1d426}\u{1d428}-shop',
    '\u24d3\u24d4\u24dc\u24de-shop',
    'd\u1eb9mo-shop',
    'dem\u00f6-shop',
  ],
]
/** The same with plain letters alone. */
const plainShops = [
  ...['dem0-shop', 'demo-sh0p', 'derno-shop', 'demo-shopp', 'demo-shp', 'dmeo-shop', 'demo-hsop', 'demoshop', 'demo_shop', 'Demo-Shop', 'demo.shop'],
  ...['demo--shop', 'demo-shop.', ' demo-shop', 'demo-5hop', 'demo-shops', 'demo-chop', 'demo- shop'],
]
const numbers = [44_110_772, 44_110_777, 44_101_727, 4_411_727, 441_107_277, 44_010_727, 44_119_727, 41_410_727, 44_110_728, 54_110_727]
const listings = ['lst-4717', 'lst-4171', '1st-4711', 'Ist-4711', 'lst-47l1', 'lst-47I1', 'lst_4711', 'LST-4711', 'lst-471', 'lst-04711', 'lst-4711-']

const words = [
  ...[
    'p\u0430ypal tray',
    'P\u0430yPal tray',
    'g\u043e\u043egle desk',
    'desk by Appl\u0435',
    '\u0410pple desk',
    'Am\u0430zon choice',
    'micr\u043es\u043eft desk',
  ],
  ...[
    '\u0441\u0430\u0440\u0435 of oak',
    '\u0440\u0443\u0440 tray',
    'oak \u03c1\u03b1\u03bf',
    '\u13aapple oak',
    '\uff32\uff2f\uff2c\uff25\uff38 desk',
    '\u{1d411}\u{1d428}\u{1d425}\u{1d41e}\u{1d431}',
  ],
  ...['R\u03bflex desk', 'L\u03bfuis V\u03c5itton', 'N\u0456ke tray', 'Gucc\u0456 tray', 'Di\u043er tray', '\u0391didas tray', 'Sams\u057dng stand'],
]

export function listLookAlikes(): DeceptivePayload[] {
  return [
    ...foreignShops.map((shop, place) => ({
      what: `the shop ${JSON.stringify(shop)}`,
      payload: place % 2 === 0 ? buildReading({ target: { shop } }) : buildListing({ target: { shop } }),
      sign: { finding: 'looks_like_known_target' },
    })),
    ...plainShops.map((shop, place) => ({
      what: `the shop ${JSON.stringify(shop)}`,
      payload: place % 2 === 0 ? buildListing({ target: { shop } }) : buildReading({ target: { shop } }),
      sign: { finding: 'looks_like_known_target' },
    })),
    ...numbers.map((shop_id) => ({
      what: `the Etsy shop ${shop_id}`,
      payload: buildEtsyListing({ target: { shop_id } }),
      sign: { finding: 'looks_like_known_target' },
    })),
    ...listings.map((listing_id, place) => ({
      what: `the listing ${listing_id}`,
      payload: place % 2 === 0 ? buildStock({ target: { listing_id } }) : buildTakedown({ target: { listing_id } }),
      sign: { finding: 'looks_like_known_target' },
    })),
    ...words.map((text, place) => ({
      what: `the words ${JSON.stringify(text)}`,
      payload: [
        buildListing({ body: { title: text } }),
        buildListing({ body: { description: `Looks like ${text}, and is sold as one.` } }),
        buildEtsyListing({ body: { tags: ['wood', text] } }),
        buildTakedown({ body: { reason: `Replaced by the ${text} of another maker` } }),
      ][place % 4]!,
      sign: { finding: 'look_alike_letters' },
    })),
  ]
}
