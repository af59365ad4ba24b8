import { expect, test } from 'vitest'
import { createExecutorKey, readExecutorKey } from './executor-key.ts'

test('a created key reads back to its own id, and two keys differ', () => {
  const key = createExecutorKey()
  expect(readExecutorKey(key.text)?.keyId).toBe(key.keyId)
  expect(createExecutorKey().text).not.toBe(key.text)
})

test('a mistyped or foreign key is recognised without a database', () => {
  const { text } = createExecutorKey()
  const changed = text.slice(0, 20) + (text[20] === 'a' ? 'b' : 'a') + text.slice(21)
  for (const wrong of ['', 'apk_', changed, `${text}0`, text.toUpperCase(), ` ${text}`, `sk_${text.slice(4)}`])
    expect(readExecutorKey(wrong)).toBeNull()
})
