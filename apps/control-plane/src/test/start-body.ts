/** A start of a run as an executor sends it: one tier, the phases `a` and `b`, unless told otherwise. */
export function buildStartBody(runId: string, options: { run?: object; phases?: number; tiers?: object[]; phaseList?: object[] } = {}) {
  return {
    run: { run_id: runId, name: `Run ${runId}`, ...options.run },
    tiers: options.tiers ?? [{ tier_id: 'T1', tier_index: 0, name: 'Work' }],
    phases:
      options.phaseList ??
      Array.from({ length: options.phases ?? 2 }, (_, index) => ({
        phase_id: `p${index}`,
        phase_index: index,
        tier_id: 'T1',
        name: `Phase ${index}`,
      })),
  }
}
