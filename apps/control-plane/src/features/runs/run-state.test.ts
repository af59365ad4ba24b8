import { phaseStates } from '@autopack/contract/runs'
import type { PhaseState } from '@autopack/contract/runs'
import { describe, expect, test } from 'vitest'
import { countPhases, runState } from '../../shared/run-state.ts'
import { canFollow } from './can-follow.ts'
import { fromPhaseLetters, toPhaseLetters } from './phase-letters.ts'
import { summarisePhases } from './summarise-phases.ts'
import { tierState } from './tier-state.ts'

describe('runState', () => {
  const cases: [PhaseState[], number, string][] = [
    [[], 0, 'queued'],
    [['QUEUED', 'QUEUED'], 0, 'queued'],
    [['QUEUED', 'QUEUED'], 1, 'waiting'],
    [['EXECUTING', 'QUEUED'], 0, 'running'],
    [['COMPLETE', 'QUEUED'], 0, 'running'],
    [['FAILED', 'QUEUED'], 0, 'running'],
    [['GATE', 'QUEUED'], 2, 'waiting'],
    [['COMPLETE', 'SKIPPED'], 0, 'done'],
    [['SKIPPED', 'SKIPPED'], 0, 'done'],
    [['COMPLETE', 'FAILED'], 0, 'failed'],
    [['COMPLETE', 'COMPLETE'], 1, 'done'],
    [['FAILED', 'SKIPPED'], 1, 'failed'],
  ]
  test.each(cases)('a run with the phases %j and %i waiting actions is %s', (phases, waiting, state) => {
    expect(runState(countPhases(phases), waiting)).toBe(state)
  })
})

describe('tierState', () => {
  const cases: [PhaseState[], string][] = [
    [[], 'PENDING'],
    [['QUEUED', 'QUEUED'], 'PENDING'],
    [['QUEUED', 'EXECUTING'], 'IN_PROGRESS'],
    [['COMPLETE', 'QUEUED'], 'IN_PROGRESS'],
    [['FAILED', 'QUEUED'], 'IN_PROGRESS'],
    [['COMPLETE', 'SKIPPED'], 'COMPLETE'],
    [['COMPLETE', 'FAILED'], 'FAILED'],
    [['SKIPPED', 'SKIPPED'], 'SKIPPED'],
  ]
  test.each(cases)('a tier with the phases %j is %s', (phases, state) => {
    expect(tierState(phases)).toBe(state)
  })
})

describe('canFollow', () => {
  const allowed = new Set([
    'QUEUED>EXECUTING',
    'QUEUED>SKIPPED',
    'EXECUTING>GATE',
    'EXECUTING>CI_RUNNING',
    'EXECUTING>COMPLETE',
    'EXECUTING>FAILED',
    'EXECUTING>SKIPPED',
    'GATE>EXECUTING',
    'GATE>COMPLETE',
    'GATE>FAILED',
    'CI_RUNNING>COMPLETE',
    'CI_RUNNING>FAILED',
    'FAILED>QUEUED',
    'FAILED>EXECUTING',
  ])
  test.each(phaseStates.flatMap((from) => phaseStates.map((to) => [from, to] as const)))(
    '%s to %s is allowed exactly when the table says so',
    (from, to) => {
      expect(canFollow(from, to)).toBe(from === to || allowed.has(`${from}>${to}`))
    },
  )
})

describe('phase letters', () => {
  test('the letters read back as the states that were written', () => {
    expect(fromPhaseLetters(toPhaseLetters(phaseStates))).toEqual([...phaseStates])
  })
  test('only the first 60 phases have a letter', () => {
    expect(toPhaseLetters(Array.from({ length: 61 }, () => 'QUEUED' as const))).toHaveLength(60)
  })
})

describe('summarisePhases', () => {
  const phase = (name: string, state: PhaseState, failure_reason: string | null = null) => ({ name, state, failure_reason })
  test('a failed phase is not the current one while another works or waits', () => {
    expect(summarisePhases([phase('a', 'FAILED'), phase('b', 'QUEUED')], 0).current_phase_name).toBe('b')
    expect(summarisePhases([phase('a', 'QUEUED'), phase('b', 'GATE')], 0).current_phase_name).toBe('b')
  })
  test('a run that has ended has no current phase', () => {
    expect(summarisePhases([phase('a', 'COMPLETE')], 0).current_phase_name).toBeNull()
  })
  test('a failed run says why, in the words of its executor or in our own', () => {
    expect(summarisePhases([phase('a', 'FAILED', 'disk full')], 0).failure_reason).toBe('disk full')
    expect(summarisePhases([phase('a', 'FAILED')], 0).failure_reason).toContain('“a” failed')
    expect(summarisePhases([phase('a', 'FAILED', 'disk full'), phase('b', 'QUEUED')], 0).failure_reason).toBeNull()
  })
})
