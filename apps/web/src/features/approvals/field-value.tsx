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

/** Beside a field that has to be on screen before approval arms. */
export function MustSee({ seen }: { seen: boolean }) {
  const words = seen ? 'must be on screen before approving; seen' : 'must be on screen before approving'
  return (
    <span className={seen ? 'must' : 'must open'} title={words}>
      <Icon name="eye" small />
      <span className="sr">{words}</span>
    </span>
  )
}
