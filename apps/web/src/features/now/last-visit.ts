import { useEffect, useState } from 'react'

const key = 'now-last-visit'

/** When this browser last left the first page (ISO); null at the first visit, or where nothing can be remembered. */
export function useLastVisit(): string | null {
  const [last] = useState(read)
  useEffect(() => {
    const leave = () => write(new Date().toISOString())
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [])
  return last
}

function read(): string | null {
  try {
    const text = localStorage.getItem(key)
    return text === null || Number.isNaN(Date.parse(text)) ? null : text
  } catch {
    return null
  }
}

function write(text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    // Then the next visit is a first one.
  }
}
