import { createContext, useContext, type ReactNode } from 'react'
import { Link } from '../../shared/link.tsx'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { toArtifactLink } from '../../shared/artifact-icon.ts'
import { Icon } from '../../shared/icon.tsx'
import { LinePieces } from './line-pieces.tsx'
import type { Inline } from './markdown-document.ts'
import { readTarget } from './read-target.ts'
import { saysHost } from './says-host.ts'

/** What the addresses in a document may lead to. */
export type DocumentPlace = {
  runId: string
  path: string
  /** Of the artifacts of the run that are known. */
  paths: ReadonlySet<string>
  /** Jumps to the heading whose words these are. */
  jump: (slug: string) => void
}
export const DocumentPlaceContext = createContext<DocumentPlace>({ runId: '', path: '', paths: new Set(), jump: () => undefined })

export function Inlines({ inlines }: { inlines: readonly Inline[] }) {
  return inlines.map((inline, index) => <InlineElement key={index} inline={inline} />)
}

function InlineElement({ inline }: { inline: Inline }): ReactNode {
  switch (inline.kind) {
    case 'text':
      return <LinePieces pieces={inline.pieces} />
    case 'code':
      return (
        <code>
          <LinePieces pieces={inline.pieces} />
        </code>
      )
    case 'strong':
      return (
        <strong>
          <Inlines inlines={inline.children} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inlines inlines={inline.children} />
        </del>
      )
    case 'break':
      return <br />
    case 'link':
      return <DocumentLink target={inline.target} inlines={inline.children} />
    case 'image':
      return <PicturePlace target={inline.target} alt={inline.alt} />
  }
}

/** Where a link leads is always said; nothing is opened or asked for before somebody clicks. */
function DocumentLink({ target, inlines }: { target: string; inlines: readonly Inline[] }) {
  const place = useContext(DocumentPlaceContext)
  const read = readTarget(place.path, target, place.paths)
  switch (read.kind) {
    case 'site':
      return (
        <>
          <a href={read.address} target="_blank" rel="noopener noreferrer nofollow" title={toAgentWords(read.address)}>
            <Inlines inlines={inlines} />
            <Icon name="arrow-ur" small label="opens another site" />
          </a>
          {!isBareAddress(inlines, read.host) && <Target words={read.host} />}
        </>
      )
    case 'heading':
      return (
        <button className="link" type="button" onClick={() => place.jump(read.slug)}>
          <Inlines inlines={inlines} />
        </button>
      )
    case 'artifact':
      return (
        <Link to={toArtifactLink(place.runId, read.path)} title={toAgentWords(read.path)}>
          <Inlines inlines={inlines} />
        </Link>
      )
    case 'none':
      return (
        <>
          <Inlines inlines={inlines} />
          <Target words={target} />
        </>
      )
  }
}

/** Images of other sites would tell them who reads this, and when: an image is a place with its words. */
function PicturePlace({ target, alt }: { target: string; alt: string }) {
  const place = useContext(DocumentPlaceContext)
  const read = readTarget(place.path, target, place.paths)
  const words = (
    <>
      <Icon name="image" small />
      <span>{alt === '' ? 'image without words' : <LinePieces pieces={[{ kind: 'text', text: toAgentWords(alt) }]} />}</span>
    </>
  )
  return read.kind === 'artifact' ? (
    <Link className="picplace" to={toArtifactLink(place.runId, read.path)} title={`The image ${toAgentWords(read.path)} of this run`}>
      {words}
    </Link>
  ) : (
    <span className="picplace" title="The console loads no images from documents.">
      {words}
      <Target words={read.kind === 'site' ? `${read.host}, not loaded` : `${target}, not loaded`} />
    </span>
  )
}

const longestTarget = 60

function Target({ words }: { words: string }) {
  const visible = toAgentWords(words)
  return (
    <span className="target v" title={visible}>
      {visible.length > longestTarget ? `${visible.slice(0, longestTarget)}…` : visible}
    </span>
  )
}

/** A bare address shows where it leads by itself. */
function isBareAddress(inlines: readonly Inline[], host: string): boolean {
  const [only] = inlines
  if (inlines.length !== 1 || only?.kind !== 'text') return false
  const [piece] = only.pieces
  return only.pieces.length === 1 && piece?.kind === 'text' && saysHost(piece.text, host)
}
