/** The icons of the design: 16 × 16, stroke 1.5, colour from the text. Only those that are used. */
import type { ReactNode } from 'react'

const shapes = {
  'arrow-d': <path d="M8 2.75v10.5M4.25 9.5 8 13.25l3.75-3.75" />,
  'arrow-l': <path d="M13.25 8H2.75M6.5 4.25 2.75 8l3.75 3.75" />,
  'arrow-r': <path d="M2.75 8h10.5M9.5 4.25 13.25 8 9.5 11.75" />,
  'arrow-u': <path d="M8 13.25V2.75M4.25 6.5 8 2.75l3.75 3.75" />,
  'arrow-ur': <path d="m5 11 6-6M6.25 4.75h5v5" />,
  blind: (
    <path d="M6.2 4c.57-.17 1.17-.25 1.8-.25 4 0 6.25 4.25 6.25 4.25s-.63 1.2-1.83 2.35M4 4.95C2.5 6.1 1.75 8 1.75 8S4 12.25 8 12.25c1.2 0 2.25-.38 3.1-.9M2.5 2.5l11 11" />
  ),
  brake: (
    <>
      <path d="M5.6 2.5h4.8l3.1 3.1v4.8l-3.1 3.1H5.6l-3.1-3.1V5.6Z" />
      <path d="M5.75 8h4.5" />
    </>
  ),
  'chev-d': <path d="m4.5 6.25 3.5 3.5 3.5-3.5" />,
  'chev-l': <path d="M9.75 4.5 6.25 8l3.5 3.5" />,
  'chev-r': <path d="m6.25 4.5 3.5 3.5-3.5 3.5" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 5v3.1l2 1.4" />
    </>
  ),
  cmd: (
    <path d="M6 6V4.4A1.6 1.6 0 1 0 4.4 6H6Zm0 0v4m0-4h4m-4 4H4.4A1.6 1.6 0 1 0 6 11.6V10Zm0 0h4m0-4V4.4A1.6 1.6 0 1 1 11.6 6H10Zm0 0v4m0 0v1.6a1.6 1.6 0 1 0 1.6-1.6H10Z" />
  ),
  copy: (
    <>
      <rect x="5.75" y="5.75" width="7.5" height="7.5" rx="1" />
      <path d="M10.25 5.75v-2a1 1 0 0 0-1-1h-5.5a1 1 0 0 0-1 1v5.5a1 1 0 0 0 1 1h2" />
    </>
  ),
  cut: <path d="M3 4h10M3 12h10M3 8h1.5M7.25 8h1.5M11.5 8H13" />,
  differs: <path d="M4 6.25h8M4 9.75h8M10.5 3.5l-5 9" />,
  download: <path d="M8 2.75v7.25M4.75 7 8 10.25 11.25 7M3 13.25h10" />,
  enter: <path d="M13 3.75V8a1 1 0 0 1-1 1H3.25M6.25 6l-3 3 3 3" />,
  equal: <path d="M4 6.25h8M4 9.75h8" />,
  executor: (
    <>
      <rect x="3" y="5.25" width="10" height="7.5" rx="1" />
      <path d="M8 2.75v2.5M6 8.5v1M10 8.5v1" />
    </>
  ),
  expired: <circle cx="8" cy="8" r="5.25" strokeDasharray="2.1 2.6" />,
  eye: (
    <>
      <path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8Z" />
      <circle cx="8" cy="8" r="1.75" />
    </>
  ),
  failed: (
    <>
      <rect x="2.75" y="2.75" width="10.5" height="10.5" rx="1" />
      <path d="m6 6 4 4M10 6l-4 4" />
    </>
  ),
  file: (
    <>
      <path d="M4 2.75h5l3 3v7.5H4Z" />
      <path d="M9 2.75v3h3" />
    </>
  ),
  ghost: <rect x="3" y="3" width="10" height="10" rx="1" strokeDasharray="2 2.3" />,
  halted: <path d="M5.6 2.5h4.8l3.1 3.1v4.8l-3.1 3.1H5.6l-3.1-3.1V5.6Z" />,
  hold: (
    <>
      <circle cx="8" cy="8" r="5.25" opacity=".32" />
      <path d="M8 2.75A5.25 5.25 0 1 1 2.75 8M8 5.5V8" />
    </>
  ),
  idle: <circle cx="8" cy="8" r="5.25" />,
  image: (
    <>
      <rect x="2.75" y="3.25" width="10.5" height="9.5" rx="1" />
      <path d="m3 11.5 3.25-3.5 2.5 2.5 1.5-1.5 2.75 2.5" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 7.5v3M8 5.3v.01" />
    </>
  ),
  json: (
    <path d="M6 2.75c-1.5 0-1.75.75-1.75 1.75v1.75c0 1-.5 1.75-1.5 1.75 1 0 1.5.75 1.5 1.75v1.75c0 1 .25 1.75 1.75 1.75M10 2.75c1.5 0 1.75.75 1.75 1.75v1.75c0 1 .5 1.75 1.5 1.75-1 0-1.5.75-1.5 1.75v1.75c0 1-.25 1.75-1.75 1.75" />
  ),
  link: <path d="M6.75 9.25 9.25 6.75M7.5 4.75 9 3.25A2.65 2.65 0 0 1 12.75 7l-1.5 1.5M8.5 11.25 7 12.75A2.65 2.65 0 0 1 3.25 9l1.5-1.5" />,
  log: <path d="M3 4h10M3 8h7M3 12h8.5" />,
  needs: <path d="M8 2.25 13.75 8 8 13.75 2.25 8Z" fill="currentColor" strokeWidth="1" />,
  none: <path d="M3.5 8h9" />,
  ok: <path d="M3 8.5 6.4 12 13 4.5" />,
  page: (
    <>
      <rect x="2.75" y="3.25" width="10.5" height="9.5" rx="1" />
      <path d="M2.75 6.25h10.5" />
    </>
  ),
  passkey: (
    <>
      <circle cx="5.25" cy="8" r="2.75" />
      <path d="M8 8h5.5M11.25 8v2.5" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="5.5" r="2.75" />
      <path d="M2.75 13.5c.5-2.75 2.6-4 5.25-4s4.75 1.25 5.25 4" />
    </>
  ),
  redact: (
    <>
      <path d="M3 4h10M3 12h6" />
      <rect x="3" y="6.5" width="10" height="3" fill="currentColor" stroke="none" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="5.25" opacity=".32" />
      <path d="M8 2.75A5.25 5.25 0 0 1 12.55 10.6" />
    </>
  ),
  seal: (
    <>
      <path d="M3.75 12.25V7.5a4.25 4.25 0 0 1 8.5 0v3.25" />
      <path d="M6.4 13.25V7.5a1.6 1.6 0 0 1 3.2 0v4.25" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.25 10.25 3 3" />
    </>
  ),
  simulated: (
    <>
      <circle cx="8" cy="8" r="5.25" strokeDasharray="2.1 2.6" />
      <path d="M5.9 8.2 7.4 9.7l2.8-3.2" />
    </>
  ),
  superseded: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M2.5 8h11" />
    </>
  ),
  tail: <path d="M8 2.75v7M4.75 6.75 8 10l3.25-3.25M3.5 13.25h9" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="M8 2.75a5.25 5.25 0 0 1 0 10.5Z" fill="currentColor" />
    </>
  ),
  undo: <path d="M5.25 2.75 2.5 5.5l2.75 2.75M2.5 5.5h6.6a3.85 3.85 0 0 1 0 7.7H5.5" />,
  unknown: (
    <>
      <path d="M8 2.25 13.75 8 8 13.75 2.25 8Z" />
      <circle cx="8" cy="8" r="1.4" fill="currentColor" stroke="none" />
    </>
  ),
  waiting: <path d="M8 2.75 13.25 8 8 13.25 2.75 8Z" />,
  warn: (
    <>
      <path d="M8 2.75 14 13H2Z" />
      <path d="M8 6.75v2.75M8 11.3v.01" />
    </>
  ),
  wrap: <path d="M2.75 4h10.5M2.75 8h8.5a2.25 2.25 0 0 1 0 4.5H8.5M10 10.75 8.25 12.5 10 14.25M2.75 12h2.5" />,
  x: <path d="m4 4 8 8M12 4l-8 8" />,
  chain: (
    <>
      <path d="M8 1.5v3M8 11.5v3" />
      <circle cx="8" cy="8" r="3.25" />
    </>
  ),
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof shapes

/** Decorative unless `label` is given: the word beside it says what it means. */
export function Icon({ name, small, label }: { name: IconName; small?: boolean; label?: string }) {
  return (
    <svg className={small ? 'i s' : 'i'} viewBox="0 0 16 16" {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}>
      {shapes[name]}
    </svg>
  )
}
