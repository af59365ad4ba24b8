/** Reads Markdown beside the page: a text made to be slow holds up nobody but itself. */
import { parseMarkdown } from './parse-markdown.ts'

addEventListener('message', (event: MessageEvent<string>) => postMessage(parseMarkdown(event.data)))
