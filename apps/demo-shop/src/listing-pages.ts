import { html, raw } from 'hono/html'
import type { Effect, Listing } from './listing-store.ts'

type Html = ReturnType<typeof html>

/** Every value below goes through the escaping of hono/html; nothing that arrived is ever written as markup. */
function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/shop.css" />
        <link rel="icon" href="/shop.svg" type="image/svg+xml" />
      </head>
      <body>
        <header>
          <a class="name" href="/">The demo shop</a>
          <p>A stand-in for the outside world: what is listed here was sent by an agent, after a person approved it.</p>
        </header>
        <main>${content}</main>
      </body>
    </html>`
}

export function toShopPage(listings: readonly Listing[]): Html {
  const newest = [...listings].toReversed()
  const content =
    newest.length === 0
      ? html`<h1>Nothing is listed yet</h1>
          <p class="empty">A listing appears here once someone approves one in the console. Until then nothing reaches this shop.</p>`
      : html`<h1>${toCountText(listings)}</h1>
          <ul class="listings">
            ${newest.slice(0, 200).map(
              (listing) =>
                html`<li ${listing.unpublished === null ? '' : raw('class="down"')}>
                  <a href="/listings/${listing.listing_id}">${listing.body.title}</a>
                  <span class="price">${toMoneyText(listing)}</span>
                  <span class="quiet">
                    ${toTimeText(listing.received_at)},
                    ${listing.unpublished === null ? toStockText(listing) : `taken down ${toTimeText(listing.unpublished.at)}`}
                  </span>
                </li>`,
            )}
          </ul>`
  return page('The demo shop', content)
}

/** `changes`: what was done to the listing later, oldest first. */
export function toListingPage(listing: Listing, changes: readonly Effect[]): Html {
  const { body, unpublished } = listing
  const content = html`<article>
    <p class="quiet">Listing ${listing.listing_id}</p>
    <h1>${body.title}</h1>
    ${
      unpublished === null
        ? ''
        : html`<p class="notice" role="note">
            <strong>Not for sale.</strong> The seller took this listing down on
            <time datetime="${unpublished.at}">${toTimeText(unpublished.at)}</time>: ${unpublished.reason}
          </p>`
    }
    <p class="offer">
      <span class="price">${toMoneyText(listing)}</span> <span>${unpublished === null ? toStockText(listing) : 'not for sale'}</span>
    </p>
    <p class="description">${body.description}</p>
    ${body.details_markdown === undefined ? '' : html`<pre class="details">${body.details_markdown}</pre>`}
    <ul class="tags">
      ${body.tags.map((tag) => html`<li>${tag}</li>`)}
    </ul>
    <h2>What arrived</h2>
    <dl>
      <dt>Received</dt>
      <dd><time datetime="${listing.received_at}">${toTimeText(listing.received_at)}</time>, ${listing.size_bytes} bytes</dd>
      <dt>Received sha256</dt>
      <dd><code data-testid="received-sha256">${listing.sha256}</code></dd>
      <dt>Report sha256</dt>
      <dd><code data-testid="report-sha256">${body.report_sha256}</code></dd>
      <dt>Execution</dt>
      <dd><code>${listing.execution_id}</code></dd>
    </dl>
    ${changes.length === 0 ? '' : html`<h2>What arrived later</h2>`}
    ${changes.slice(-100).map(
      (effect) =>
        html`<dl class="change">
          <dt>${effect.change?.operation === 'set_quantity' ? `Stock set to ${effect.change.quantity}` : 'Taken down'}</dt>
          <dd><time datetime="${effect.received_at}">${toTimeText(effect.received_at)}</time></dd>
          <dt>Received sha256</dt>
          <dd><code>${effect.sha256}</code></dd>
          <dt>Execution</dt>
          <dd><code>${effect.execution_id}</code></dd>
        </dl>`,
    )}
    <p class="quiet">
      “Received sha256” is computed here, over the bytes of the request. The console shows the hash of the bytes that were approved: the two must be
      equal.
    </p>
    <p><a href="/">All listings</a></p>
  </article>`
  return page(`${body.title} · The demo shop`, content)
}

export function toMissingPage(): Html {
  return page(
    'Not found · The demo shop',
    html`<h1>No such listing</h1>
      <p>It may have been listed in another copy of the demo. <a href="/">All listings</a></p>`,
  )
}

/** `3 listings, 1 of them taken down`. */
function toCountText(listings: readonly Listing[]): string {
  const count = listings.length === 1 ? '1 listing' : `${listings.length} listings`
  const down = listings.filter((listing) => listing.unpublished !== null).length
  if (down === 0) return count
  return listings.length === 1 ? '1 listing, taken down' : `${count}, ${down} of them taken down`
}

function toStockText({ quantity }: Listing): string {
  return quantity === 0 ? 'sold out' : `${quantity} in stock`
}

function toMoneyText(listing: Listing): string {
  const { amount_minor, currency } = listing.body.price
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    return format.format(amount_minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
  } catch {
    return `${amount_minor} minor units of ${currency}`
  }
}

function toTimeText(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 19)} UTC`
}
