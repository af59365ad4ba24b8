/** An act that its person did not confirm: nothing was sent, or what was sent was refused for want of it. Words for them. */
export class StepUpStopped extends Error {
  override readonly name = 'StepUpStopped'
  readonly what: string
  readonly todo: string
  constructor(what: string, todo: string) {
    super(what)
    this.what = what
    this.todo = todo
  }
}
