import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icon.tsx'

const pauseMs = 300

/** Writes to the address after a pause in typing; follows the address when it changes by another way. */
export function SearchField({
  value,
  onSearch,
  label,
  placeholder,
}: {
  value: string
  onSearch: (text: string) => void
  label: string
  placeholder: string
}) {
  const [text, setText] = useState(value)
  const [followed, setFollowed] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  if (value !== followed) {
    setFollowed(value)
    setText(value)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return (
    <div className="search" role="search">
      <Icon name="search" />
      <input
        className="input"
        type="search"
        value={text}
        maxLength={200}
        aria-label={label}
        placeholder={placeholder}
        onChange={(event) => {
          const next = event.target.value
          setText(next)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => {
            setFollowed(next.trim())
            onSearch(next.trim())
          }, pauseMs)
        }}
      />
    </div>
  )
}
