import { drawnVersion } from './draw-action.ts'
import type { Check } from './receipt-check.ts'

/** What every approver had before them is what the payload shows. */
export const checkDisplay: Check<'drawn' | 'approvals'> = (_receipt, { drawn, approvals }) => {
  for (const { where, display_sha256, signature } of approvals) {
    if (display_sha256 === drawn.display_sha256) continue
    const version = signature === null ? drawnVersion : (JSON.parse(signature.statement) as { renderer_version: string }).renderer_version
    const detail = version === drawnVersion ? 'they were shown something else than this payload' : `it was drawn by version ${version} of the rules`
    return { where: `${where}.display_sha256`, detail: `${detail}: version ${drawnVersion} gives ${drawn.display_sha256}` }
  }
  return {}
}
