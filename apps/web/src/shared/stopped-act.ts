import type { Refusal } from './ledger/refusal-words.ts'

/** An act that this page itself ended before the server was asked, with the words for it. */
export class StoppedAct extends Error {
  readonly why: string
  readonly refusal: Refusal
  constructor(why: string, refusal: Pick<Refusal, 'title' | 'what' | 'todo' | 'link'>) {
    super(why)
    this.why = why
    this.refusal = { ...refusal, recorded: 'no', request_id: null }
  }
}
