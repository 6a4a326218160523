import type { IncomingMessage } from 'node:http'

/** A body in more pieces than this has pieces of a sensible size: each costs as much to read as a packet. */
const PIECES_OF_ANY_SIZE = 4096
/** Bytes, on average. A chunk may hold a single one, a packet holds about 1,400. */
const SENSIBLE_SIZE = 64

/**
 * Reads a request's body. Undefined for one that grows beyond `maxBytes`, or comes in thousands of tiny chunks: it is read
 * no further. Rejects when the client disconnects.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  const isWhole = await new Promise<boolean>((resolve, reject) => {
    request.on('data', (piece: Uint8Array) => {
      size += piece.length
      pieces.push(piece)
      const isTiny = pieces.length > PIECES_OF_ANY_SIZE && size < pieces.length * SENSIBLE_SIZE
      if (size <= maxBytes && !isTiny) return
      request.removeAllListeners('data').pause()
      resolve(false)
    })
    request.once('end', () => resolve(true))
    request.on('error', reject)
    request.once('close', () => reject(new Error('The client went away.')))
  })
  request.removeAllListeners('data')
  if (!isWhole) return undefined
  const [only] = pieces
  return pieces.length === 1 && only ? only : Buffer.concat(pieces, size)
}
