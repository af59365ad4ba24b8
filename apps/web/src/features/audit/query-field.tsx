import { auditQueryLimit, parseAuditQuery, type AuditQueryError } from '@autopack/contract/audit-query'
import { useEffect, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import type { completeQuery, Completion, SeenValues } from './complete-query.ts'
import { QueryFault } from './query-fault.tsx'

const pauseMs = 400

type Props = {
  /** The query in the address. */
  query: string
  seen: SeenValues
  /** `replace`: it is still being typed, and what was asked for a moment ago is no place to go back to. */
  onQuery: (query: string, options: { replace: boolean }) => void
}

/**
 * The one field of the audit page: a combobox that says what could be written next. What can be read is asked for after a pause in
 * typing or with Enter; what cannot is explained where it stands, and the list below stays as it was.
 */
export function QueryField({ query, seen, onQuery }: Props) {
  const [text, setText] = useState(query)
  const [followed, setFollowed] = useState(query)
  /** Asked for and not in the address yet, the oldest first: when they arrive there, what is typed meanwhile stays. */
  const [own, setOwn] = useState<readonly string[]>([])
  const [caret, setCaret] = useState(query.length)
  const [open, setOpen] = useState(false)
  const [completion, setCompletion] = useState<{ completeQuery: typeof completeQuery } | null>(null)
  const [at, setAt] = useState(-1)
  const [fault, setFault] = useState<AuditQueryError | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** Something was asked for since the typing began: one way back for all of it. */
  const asked = useRef(false)
  const id = useId()

  if (query !== followed) {
    setFollowed(query)
    setOwn(own.includes(query) ? own.slice(own.indexOf(query) + 1) : [])
    if (!own.includes(query)) {
      setText(query)
      setCaret(query.length)
      setFault(null)
    }
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  // What was being typed before the way back led here is not asked for any more.
  useEffect(() => {
    if (text === query) clearTimeout(timer.current)
  }, [text, query])
  useKeys([{ keys: '/', does: 'write a query', run: () => input.current?.focus() }])

  // An address that cannot be read is explained from the beginning.
  const read = parseAuditQuery(query)
  const shownFault = fault ?? (text === query && !read.ok ? read.error : null)
  const options = open && completion !== null ? completion.completeQuery(text, caret, seen) : []
  const active = at >= 0 && at < options.length ? options[at] : undefined

  function ask(next: string, explain: boolean): void {
    clearTimeout(timer.current)
    const reading = parseAuditQuery(next)
    setFault(reading.ok || !explain ? null : reading.error)
    if (!reading.ok) return
    if (next.trim() !== query) {
      setOwn((before) => [...before, next.trim()])
      onQuery(next.trim(), { replace: asked.current })
    }
    // What is explained was ended on purpose; after a pause the typing may go on.
    asked.current = !explain
  }

  function write(next: string, nextCaret: number): void {
    setText(next)
    setCaret(nextCaret)
    setAt(-1)
    setFault(null)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => ask(next, false), pauseMs)
  }

  function take(option: Completion): void {
    const next = text.slice(0, option.start) + option.text + text.slice(option.end)
    const nextCaret = option.start + option.text.length
    // The field is controlled: its caret goes to the end with the new text, and from there to where the option ended. At once, since a letter that
    // is typed before a later frame would stand behind the caret.
    flushSync(() => {
      write(next, nextCaret)
      setOpen(true)
    })
    input.current?.setSelectionRange(nextCaret, nextCaret)
    input.current?.focus()
  }

  return (
    <div className="query" role="search">
      <div className="search">
        <Icon name="search" />
        <input
          className="input mono"
          type="text"
          ref={input}
          value={text}
          maxLength={auditQueryLimit}
          role="combobox"
          aria-label="Search the audit log"
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active ? `${id}-${at}` : undefined}
          aria-invalid={shownFault !== null}
          aria-describedby={shownFault === null ? undefined : `${id}-fault`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="Words, or who: did: on: result: since:"
          onChange={(event) => {
            write(event.target.value, event.target.selectionStart ?? event.target.value.length)
            setOpen(true)
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => {
            setOpen(true)
            // Without it the field still takes a query.
            if (completion === null) void import('./complete-query.ts').then(setCompletion, () => undefined)
          }}
          onBlur={() => {
            setOpen(false)
            setAt(-1)
            if (text.trim() !== query) ask(text, true)
            asked.current = false
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault()
              setOpen(true)
              const step = event.key === 'ArrowDown' ? 1 : -1
              const count = open ? options.length : 0
              if (count > 0) setAt(((at === -1 && step === -1 ? 0 : at) + step + count) % count)
            } else if ((event.key === 'Enter' || event.key === 'Tab') && active) {
              event.preventDefault()
              take(active)
            } else if (event.key === 'Enter') {
              setOpen(false)
              ask(text, true)
            } else if (event.key === 'Escape' && options.length > 0) {
              event.preventDefault()
              setOpen(false)
              setAt(-1)
            }
          }}
        />
        {text !== '' && (
          <button
            className="query-clear"
            type="button"
            aria-label="Clear the query"
            onClick={() => {
              setText('')
              setCaret(0)
              ask('', false)
              input.current?.focus()
            }}
          >
            <Icon name="x" small />
          </button>
        )}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- the list of a combobox, which no element is by itself */}
        <ul className="completions" role="listbox" id={`${id}-list`} aria-label="What could come next" hidden={options.length === 0}>
          {options.map((option, place) => (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field takes the keys of its list
            <li
              key={option.shown}
              id={`${id}-${place}`}
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- an option of that list
              role="option"
              aria-selected={place === at}
              // The field keeps the focus: losing it would close the list before the click arrives.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(option)}
            >
              <code>
                <VisibleText text={toAgentWords(option.shown)} />
              </code>
              <span>
                <VisibleText text={option.explains} />
              </span>
            </li>
          ))}
        </ul>
      </div>
      <QueryFault
        id={`${id}-fault`}
        text={text}
        fault={shownFault}
        kept={read.ok}
        onReplace={(next) => {
          setText(next)
          setCaret(next.length)
          ask(next, true)
          input.current?.focus()
        }}
      />
    </div>
  )
}
