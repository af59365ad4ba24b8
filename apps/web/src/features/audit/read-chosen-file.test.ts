import { describe, expect, it } from 'vitest'
import { FileNotRead, readChosenFile } from './read-chosen-file.ts'

const read = (text: string) => readChosenFile(new Blob([text]))

describe('readChosenFile', () => {
  it('tells a receipt, a log and what to check with apart by what is in them', async () => {
    expect(await read('{"v":1}')).toEqual({ kind: 'receipt', text: '{"v":1}' })
    expect(await read('{"seq":1}\n{"seq":2}\n')).toEqual({ kind: 'log', begins: 1, ends: 2 })
    expect(await read('{"event":{},"seq":7}\n')).toEqual({ kind: 'log', begins: 7, ends: 7 })
    expect(await read('here/audit+01020304+AA==\n')).toMatchObject({ kind: 'kept', keys: 1, notes: 0 })
    expect(await read('a letter')).toEqual({ kind: 'receipt', text: 'a letter' })
  })

  it('says of a folder, and of a file that was moved, that it could not be read', async () => {
    const gone = new DOMException('A requested file or directory could not be found.', 'NotFoundError')
    class Folder extends Blob {
      override slice(): Blob {
        return this
      }
      override text(): Promise<string> {
        return Promise.reject(gone)
      }
    }
    await expect(readChosenFile(new Folder())).rejects.toBeInstanceOf(FileNotRead)
  })
})
