import type { RenderedField } from '@autopack/approval-proof/render-action'
import { Fragment } from 'react'
import { Icon } from '../../shared/icon.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'

const blockFormats = new Set(['long_text', 'markdown', 'html', 'code'])

/** Text in which the renderer wrote hidden characters as `⟨U+202E⟩`: those are marked, nothing else is touched. */
export function VisibleText({ text }: { text: string }) {
  return text.split(/(⟨U\+[0-9A-F]{4,6}⟩)/).map((piece, place) =>
    place % 2 === 0 ? (
      <Fragment key={place}>{piece}</Fragment>
    ) : (
      <mark className="hid" key={place}>
        {piece}
      </mark>
    ),
  )
}

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
