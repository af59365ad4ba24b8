import { showText } from '../src/visible-text.ts'

type Child = Node | string | null

/** An element with attributes and children; a string becomes a text node, so nothing that is passed here is ever read as HTML. */
export function buildElement<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== null))
  return element
}

/** A text of a file: what hides or moves is written out, and its direction stays its own. `block`: with its line feeds. */
export function fromFile(text: string, block = false): HTMLElement {
  return buildElement('bdi', { class: block ? 'v lines' : 'v' }, showText(text, block).text)
}

/** A text that the drawing has made safe already. */
export function fromDrawing(text: string): HTMLElement {
  return buildElement('bdi', { class: 'v lines' }, text)
}

const shapes = {
  ok: 'M3 8.5 6.4 12 13 4.5',
  failed: 'M3.75 2.75h8.5a1 1 0 0 1 1 1v8.5a1 1 0 0 1-1 1h-8.5a1 1 0 0 1-1-1v-8.5a1 1 0 0 1 1-1ZM6 6l4 4M10 6l-4 4',
  needs: 'M8 2.25 13.75 8 8 13.75 2.25 8Z',
  idle: 'M13.25 8a5.25 5.25 0 1 1-10.5 0 5.25 5.25 0 0 1 10.5 0Z',
} as const
export type Mark = keyof typeof shapes

/** A state as its shape; the words beside it say the same. */
export function buildMark(mark: Mark): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', mark)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', shapes[mark])
  svg.append(path)
  return svg
}
