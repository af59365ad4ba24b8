/** What the notes in the folder of checkpoints are called: the checkpoint writer writes them, the control plane looks on. */

export type NoteKind = 'checkpoint' | 'rotation'

/** `checkpoint-000000000042.note`: the number counts from 1 and is never used again. */
export function toNoteFileName(kind: NoteKind, no: number): string {
  return `${kind}-${String(no).padStart(12, '0')}.note`
}

/** The files of this kind among `names`, in the order of their numbers. */
export function listNoteFiles(names: readonly string[], kind: NoteKind): { no: number; name: string }[] {
  return names
    .flatMap((name) => {
      const no = new RegExp(`^${kind}-(\\d{12})\\.note$`).exec(name)?.[1]
      return no === undefined ? [] : { no: Number(no), name }
    })
    .toSorted((one, other) => one.no - other.no)
}
