import { buildElement, buildMark } from './build-element.ts'
import type { Mark } from './build-element.ts'

/** What a verdict is shown as: the words that are read out when they appear, and what can be read after them. */
export type ShownVerdict = { verdict: Node[]; findings: Node[] }

/** The one sentence in large type, with what explains it below. */
export function buildVerdict(mark: Mark, title: string, ...explanations: ReadonlyArray<string | Node>): HTMLElement {
  const paragraphs = explanations.map((words) => buildElement('p', {}, words))
  return buildElement('div', { class: 'verdict' }, buildMark(mark), buildElement('h2', {}, title), ...paragraphs)
}

/** Something the reader has to look at, or should know; never more certain than what was checked. */
export function buildNote(mark: Mark, ...words: ReadonlyArray<string | Node>): HTMLElement {
  return buildElement('p', { class: 'note' }, buildMark(mark), buildElement('span', {}, ...words))
}

/** Label and content, one row of a sheet. */
export function buildRow(label: string, ...content: readonly Node[]): HTMLElement {
  return buildElement('section', {}, buildElement('h3', {}, label), buildElement('div', {}, ...content))
}

/** Names and values, one pair a row. */
export function buildPairs(pairs: ReadonlyArray<readonly [label: string, value: string | Node]>): HTMLElement {
  const list = buildElement('dl', { class: 'rows' })
  for (const [label, value] of pairs) list.append(buildElement('dt', {}, label), buildElement('dd', {}, value))
  return list
}

/** A moment as it is written, in a form that a person reads: always UTC. */
export function toMomentWords(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 19)} UTC`
}
