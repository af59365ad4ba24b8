import { useEffect, useRef, useState, type ReactNode } from 'react'

/** Scrolls by itself when its content is wider than the column; only then is it a stop for the keyboard. */
export function ScrollRegion({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const region = frame.current!
    const observer = new ResizeObserver(() => setScrolls(region.scrollWidth > region.clientWidth))
    observer.observe(region)
    if (region.firstElementChild) observer.observe(region.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return (
    <div className={className} ref={frame} {...(scrolls ? { tabIndex: 0, role: 'region', 'aria-label': label } : {})}>
      {children}
    </div>
  )
}
