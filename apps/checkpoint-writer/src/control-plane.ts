/** The requests that the checkpoint writer makes. */
import {
  listCheckpointEntries,
  mostCheckpointEntries,
  mostReportCharacters,
  recordCheckpoint,
  reportCheckpointProblem,
} from '@autopack/contract/checkpoints'
import type { CheckpointStanding } from '@autopack/contract/checkpoints'
import { problemSchema } from '@autopack/contract/problems'
import * as z from 'zod/mini'

/** No answer, or none that can be used: it may be there again in a moment. */
export class ControlPlaneUnavailable extends Error {
  override readonly name = 'ControlPlaneUnavailable'
}

export type ControlPlane = {
  /** Entries from `from` on as lines, at most 2,000. */
  listEntries: (from: number) => Promise<string[]>
  handOver: (note: string, rotations: readonly string[]) => Promise<{ standing: CheckpointStanding; given_up: boolean }>
  /** Why nothing is signed, for people. */
  report: (problem: string) => Promise<void>
}

const patienceMs = 30_000

export function openControlPlane(url: string, apiKey: string, signal: AbortSignal): ControlPlane {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    let answer: Response
    try {
      answer = await fetch(`${url}${path}`, {
        ...init,
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
        // The key goes to this origin, and nowhere else.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      })
    } catch (error) {
      throw unavailable(`the control plane at ${url} cannot be reached: ${describe(error)}`)
    }
    if (answer.ok) return answer
    const problem = z.safeParse(problemSchema, await answer.json().catch(() => null))
    throw unavailable(`the control plane answered ${answer.status}${problem.success ? ` ${problem.data.code}: ${problem.data.detail}` : ''}`)
  }
  const textOf = (answer: Response) =>
    answer.text().catch((error: unknown) => {
      throw unavailable(`the answer of the control plane broke off: ${describe(error)}`)
    })
  return {
    listEntries: async (from) => {
      const text = await textOf(await ask(`${listCheckpointEntries.path}?from=${from}&limit=${mostCheckpointEntries}`, { method: 'GET' }))
      return text.split('\n').filter((line) => line !== '')
    },
    handOver: async (note, rotations) => {
      const text = await textOf(await ask(recordCheckpoint.path, { method: 'POST', body: JSON.stringify({ note, rotations }) }))
      const parsed = z.safeParse(recordCheckpoint.answer.schema, parseJson(text))
      if (!parsed.success) throw unavailable('the control plane answered outside the contract')
      return parsed.data
    },
    report: async (problem) => {
      const body = JSON.stringify({ problem: problem.slice(0, mostReportCharacters) })
      await (await ask(reportCheckpointProblem.path, { method: 'POST', body })).body?.cancel()
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unavailable(message: string): ControlPlaneUnavailable {
  return new ControlPlaneUnavailable(message)
}

function describe(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code ?? (error instanceof Error ? error.message : String(error))
}
