/** The table of payloads that want to be taken for others, over the kinds of action of the catalog, for tests and proofs. */
import type { DeceptivePayload } from './deceptions/deceptive-payload.ts'
import { listForeignContent } from './deceptions/list-foreign-content.ts'
import { listHiddenCharacters } from './deceptions/list-hidden-characters.ts'
import { listLinksAndNames } from './deceptions/list-links-and-names.ts'
import { listLookAlikes } from './deceptions/list-look-alikes.ts'
import { listNumbersAndShapes } from './deceptions/list-numbers-and-shapes.ts'
import { listPersuasions } from './deceptions/list-persuasions.ts'

export const deceptivePayloads: readonly DeceptivePayload[] = [
  ...listHiddenCharacters(),
  ...listLookAlikes(),
  ...listPersuasions(),
  ...listForeignContent(),
  ...listLinksAndNames(),
  ...listNumbersAndShapes(),
]
