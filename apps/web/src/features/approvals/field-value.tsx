import type { RenderedField } from '@autopack/approval-proof/render-action'
import { VisibleText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'

const blockFormats = new Set(['long_text', 'markdown', 'html', 'code'])

/** One value as the renderer wrote it, whole. `mark`: the end of it tells the arming rule that it was on screen. */
export function FieldValue({ field, mark, strong }: { field: RenderedField; mark?: boolean; strong?: boolean }) {
  const end = mark && <span className="seen-end" data-must-see={field.pointer} />
  if (field.format === 'sha256' || field.format === 'image') {
    return (
      <>
        <SealMark seal={field.value_text} />
        {end}
      </>
    )
  }
  const block = blockFormats.has(field.format)
  return (
    <span className={[block ? 'v block' : 'v', strong ? 'strong' : ''].join(' ').trim()} dir="auto">
      <VisibleText text={field.value_text} />
      {end}
    </span>
  )
}

/** Beside a field that has to be on screen before approval arms. Read out only while it has not been: the rest needs nobody. */
export function MustSee({ seen }: { seen: boolean }) {
  return (
    <span
      className={seen ? 'must' : 'must open'}
      title={seen ? 'has to be on screen before approving, and was' : 'has to be on screen before approving'}
    >
      <Icon name="eye" small />
      {!seen && <span className="sr">not on screen yet</span>}
    </span>
  )
}
