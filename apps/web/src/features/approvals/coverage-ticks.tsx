import type { RenderedAction } from '@autopack/approval-proof/render-action'

const mostTicks = 60

/** One mark a field, in payload order; above sixty the number beside it has to do. */
export function CoverageTicks({ rendered }: { rendered: RenderedAction }) {
  if (rendered.fields.length > mostTicks) return null
  return (
    <span className="ticks" aria-hidden="true">
      {rendered.fields.map((field) => (
        <i key={field.pointer} className={field.format === 'unexplained' ? 'no' : undefined} />
      ))}
    </span>
  )
}
