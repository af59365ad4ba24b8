import { readFileSync } from 'node:fs'

/** The parts of vitest's json report that are read here. */
export type VitestReport = {
  testResults: {
    name: string
    message: string
    assertionResults: { status: string; ancestorTitles: string[]; title: string; fullName: string; failureMessages: string[] | null }[]
  }[]
}

/** Null: the run ended without a report. */
export function readVitestReport(file: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  } catch {
    return null
  }
}
