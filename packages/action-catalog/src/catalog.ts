import type { Descriptor } from '@autopack/approval-proof/descriptor'
import demoShopCreateListing from '../descriptors/demo_shop.create_listing.json' with { type: 'json' }
import demoShopListListings from '../descriptors/demo_shop.list_listings.json' with { type: 'json' }
import demoShopSetQuantity from '../descriptors/demo_shop.set_quantity.json' with { type: 'json' }
import demoShopUnpublishListing from '../descriptors/demo_shop.unpublish_listing.json' with { type: 'json' }
import etsyCreateListing from '../descriptors/etsy.create_listing.json' with { type: 'json' }

/** The descriptor files as they lie in the folder `descriptors`; readCatalog checks them when a server starts. */
export const catalogFiles: ReadonlyArray<{ file: string; value: unknown }> = [
  { file: 'demo_shop.create_listing.json', value: demoShopCreateListing },
  { file: 'demo_shop.list_listings.json', value: demoShopListListings },
  { file: 'demo_shop.set_quantity.json', value: demoShopSetQuantity },
  { file: 'demo_shop.unpublish_listing.json', value: demoShopUnpublishListing },
  { file: 'etsy.create_listing.json', value: etsyCreateListing },
]

/** Every kind of action the console knows. A page loads single descriptors instead: load-descriptor.ts. */
export const catalog: Descriptor[] = catalogFiles.map(({ value }) => value as Descriptor)

/** The descriptor of a kind of action; undefined means the action is tier C, blind, and has no switch. */
export function findDescriptor(provider: string, operation: string): Descriptor | undefined {
  return catalog.find((item) => item.provider === provider && item.operation === operation)
}
