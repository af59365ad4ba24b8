import type { Descriptor } from '@autopack/approval-proof/descriptor'

type DescriptorFile = Promise<{ default: unknown }>

/** The same files as in catalog.ts, each a part of its own, so that a page loads the one it shows and not the whole catalog. */
const loaders: Record<string, () => DescriptorFile> = {
  'demo_shop.create_listing': () => import('../descriptors/demo_shop.create_listing.json', { with: { type: 'json' } }),
  'demo_shop.list_listings': () => import('../descriptors/demo_shop.list_listings.json', { with: { type: 'json' } }),
  'demo_shop.set_quantity': () => import('../descriptors/demo_shop.set_quantity.json', { with: { type: 'json' } }),
  'demo_shop.unpublish_listing': () => import('../descriptors/demo_shop.unpublish_listing.json', { with: { type: 'json' } }),
  'etsy.create_listing': () => import('../descriptors/etsy.create_listing.json', { with: { type: 'json' } }),
}

/** Like findDescriptor, for a browser. Rejects when the file cannot be loaded: not described and not loaded must never look alike. */
export async function loadDescriptor(provider: string, operation: string): Promise<Descriptor | null> {
  const id = `${provider}.${operation}`
  if (!Object.hasOwn(loaders, id)) return null
  return (await loaders[id]!()).default as Descriptor
}
