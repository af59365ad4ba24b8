import { formatAbsoluteTime } from '../../shared/format-time.ts'

/** A moment in full: a receipt is read in years, and on paper. */
export function PaperTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {formatAbsoluteTime(Date.parse(at))}
    </time>
  )
}
