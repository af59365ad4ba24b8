import { connect } from 'node:net'

/** Writes text to a plain port, HTTP or not, and reads what comes until the other side closes. */
export function sendBytes(port: number, text: string): Promise<{ status: number; all: (name: string) => string[]; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let got = ''
    socket.setTimeout(15_000, () => socket.destroy(new Error('the connection was not closed within 15 s')))
    socket.on('data', (part: Buffer) => (got += part.toString()))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...rest] = got.split('\r\n\r\n')
      const [first = '', ...lines] = head.split('\r\n')
      const all = (name: string) =>
        lines.filter((line) => line.toLowerCase().startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim())
      resolve({ status: Number(first.split(' ')[1]), all, text: rest.join('\r\n\r\n') })
    })
  })
}
