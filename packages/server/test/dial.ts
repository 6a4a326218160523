import { connect, type Socket } from 'node:net'

/** A connection that the test writes to by hand. */
export interface Dialled {
  readonly socket: Socket
  /** Settles with everything received once the server closes it. */
  readonly all: Promise<string>
  /** Settles once this text has been received. */
  readonly until: (text: string) => Promise<string>
}

const sockets: Socket[] = []

export async function dial(server: { readonly port: number }): Promise<Dialled> {
  const socket = connect(server.port, '127.0.0.1')
  sockets.push(socket)
  let received = ''
  let look: (() => void) | undefined
  const all = new Promise<string>((resolve) => {
    socket.on('close', () => {
      resolve(received)
    })
  })
  socket.on('error', () => {})
  socket.setEncoding('utf8').on('data', (text) => {
    received += String(text)
    look?.()
  })
  await new Promise<void>((resolve) => void socket.once('connect', resolve))
  const until = (text: string): Promise<string> =>
    new Promise((resolve) => {
      look = () => {
        if (received.includes(text)) resolve(received)
      }
      look()
    })
  return { socket, all, until }
}

/** Ends every connection that was dialled: for `afterEach`. */
export function hangUp(): void {
  for (const socket of sockets.splice(0)) socket.destroy()
}
