/** What the browser is given: the same function the decision page calls, bundled as the pages are. */
import { tellPayload } from './tell-payload.ts'

Object.assign(globalThis, {
  tellPayloads: (texts: readonly string[]) => texts.map((text) => tellPayload(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)))),
})
