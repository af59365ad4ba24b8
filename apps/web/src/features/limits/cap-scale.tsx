import { toAmount, toLeft, toScale, type Cap } from './cap-words.ts'

/** Fill of what is reserved; `Hatching` has to stand on the page. */
export const hatching = 'url(#hatching)'

export function Hatching() {
  return (
    <svg className="hatching" width="0" height="0" aria-hidden="true">
      <pattern id="hatching" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(25)">
        <rect className="spent" width="1.25" height="4" />
      </pattern>
    </svg>
  )
}

/** Done solid, reserved hatched, waiting outlined, between two marks; what does not fit ends in an arrow. Drawn as SVG: no inline styles. */
export function CapScale({ cap }: { cap: Cap }) {
  const { done, reserved, waiting, over } = toScale(cap)
  const words = [
    `${toAmount(cap, cap.used)} of ${toAmount(cap, cap.cap)} done`,
    ...(cap.reserved > 0 ? [`${toAmount(cap, cap.reserved)} reserved`] : []),
    ...(cap.waiting > 0 ? [`${toAmount(cap, cap.waiting)} waiting`] : []),
    `${toAmount(cap, toLeft(cap))} left`,
  ]
  return (
    <span className={over ? 'scale over' : 'scale'} role="img" aria-label={words.join(', ')}>
      <svg aria-hidden="true" width="100%" height="12">
        <rect className="ground" x="0" y="5.5" width="100%" height="1" />
        {waiting > 0 && <rect className="would" x={`${done + reserved}%`} y="3.5" width={`${waiting}%`} height="5" />}
        {reserved > 0 && <rect className="held" fill={hatching} x={`${done}%`} y="3" width={`${reserved}%`} height="6" />}
        {done > 0 && <rect className="spent" x="0" y="3" width={`${done}%`} height="6" />}
      </svg>
    </span>
  )
}
