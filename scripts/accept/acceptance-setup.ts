import type { Browser } from '@playwright/test'
import type { AcceptanceReport } from './acceptance-report.ts'
import type { AnswerBook } from './answer-book.ts'
import type { ConsoleUnderTest, RoleName } from './console-under-test.ts'
import type { ConsoleVisitor } from './console-visitor.ts'
import type { FreshClone } from './fresh-clone.ts'
import type { PlantedSecret, RandomWorkspace } from './random-workspace.ts'
import type { StartedProcesses } from './started-processes.ts'

/** What every part of the acceptance has in its hands: a console from outside. */
export type AcceptanceSetup = {
  report: AcceptanceReport
  book: AnswerBook
  browser: Browser
  processes: StartedProcesses
  clone: FreshClone
  /** What a stranger's shell has: nothing of this checkout, nothing that npm added. */
  env: Record<string, string | undefined>
  console: ConsoleUnderTest
  /** One session for each role. */
  visitors: Readonly<Record<RoleName, ConsoleVisitor>>
  /** Of the console's own agent, or of the first that the acceptance starts. */
  workspace: RandomWorkspace
  /** What came out and must come from nowhere in the repository: names, sentences, ids, hashes. */
  results: Set<string>
  /** What must be seen nowhere. */
  secrets: PlantedSecret[]
}
