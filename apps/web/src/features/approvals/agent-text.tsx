import { toVisibleText } from '@autopack/approval-proof/visible-text'
import { VisibleText } from './field-value.tsx'

/** One line that an agent or a person wrote, raw: isolated, and with every hidden character written out. */
export function AgentText({ text }: { text: string }) {
  return (
    <span className="v" dir="auto">
      <VisibleText text={toVisibleText(text, false).text} />
    </span>
  )
}
