/** What a run of this agent consists of, as it is announced to the console. */
export const runTiers = [
  { tier_id: 'T1', tier_index: 0, name: 'Inventory', description: 'What is there, byte for byte' },
  { tier_id: 'T2', tier_index: 1, name: 'Understand', description: 'What kind of files these are, under which licences, and which are copies' },
  { tier_id: 'T3', tier_index: 2, name: 'Write', description: 'A log, an inventory, a report, a chart' },
  { tier_id: 'T4', tier_index: 3, name: 'Publish', description: 'List the report in the demo shop, once a person approved it' },
] as const

export const runPhases = [
  { phase_id: 'walk', tier_id: 'T1', name: 'Walk the folder' },
  { phase_id: 'hash', tier_id: 'T1', name: 'Hash every file' },
  { phase_id: 'kinds', tier_id: 'T2', name: 'Sort by kind of file' },
  { phase_id: 'licences', tier_id: 'T2', name: 'Find licences' },
  { phase_id: 'duplicates', tier_id: 'T2', name: 'Find duplicates' },
  { phase_id: 'inventory', tier_id: 'T3', name: 'Write the inventory' },
  { phase_id: 'report', tier_id: 'T3', name: 'Write the report' },
  { phase_id: 'chart', tier_id: 'T3', name: 'Draw the chart' },
  { phase_id: 'samples', tier_id: 'T3', name: 'Plant made-up secrets' },
  { phase_id: 'publish', tier_id: 'T4', name: 'Publish the report' },
].map((phase, phase_index) => ({ ...phase, phase_index }))

export type PhaseId = 'walk' | 'hash' | 'kinds' | 'licences' | 'duplicates' | 'inventory' | 'report' | 'chart' | 'samples' | 'publish'
