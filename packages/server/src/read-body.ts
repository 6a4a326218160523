import type { IncomingMessage } from 'node:http'
import { type Clock, type Result, fail, succeed } from 'ticket-core'
import type { BodyBudget, UnfinishedBody } from './body-budget.ts'

/**
 * Why there is no body. `gone`: the caller closed the connection, so no answer is possible; `crowded-out`: it was the
 * largest when all unfinished bodies together exceeded the limit; `too-much-framing`: its chunks cost
 * far more to parse than its bytes.
 */
export type BodyFailure = 'too-large' | 'too-much-framing' | 'too-slow' | 'crowded-out' | 'gone'

export interface BodyLimits {
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly clock: Clock
  readonly budget: BodyBudget
}

/** Pieces of one body, chunks or packets. 256 KiB in packets of 1,400 bytes are 188, but a chunk may hold one byte. */
const MOST_PIECES = 4096
/** Bytes from the connection for each byte that a body may have: a chunk's extensions may be longer than its data. */
const MOST_WIRE = 2

/** Reads a body as bytes: none of it if it is announced as too large, else no further than the limit. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Result<Uint8Array, BodyFailure>> {
  const { maxBytes, timeoutMs, clock, budget } = limits
  if (announcedLength(request) > maxBytes) return Promise.resolve(fail('too-large'))
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let pieces = 0
    const { socket } = request
    const wireLimit = socket.bytesRead + maxBytes * MOST_WIRE
    const cancelTimer = clock.after(timeoutMs, () => {
      settle(fail('too-slow'))
    })
    const body: UnfinishedBody = {
      get size() {
        return size
      },
      giveUp: () => {
        settle(fail('crowded-out'))
      },
    }
    function settle(outcome: Result<Uint8Array, BodyFailure>): void {
      cancelTimer()
      budget.ended(body)
      request.off('data', take).off('end', finish).off('close', goAway)
      if (!outcome.ok) {
        chunks.length = 0
        request.pause()
      }
      resolve(outcome)
    }
    function take(chunk: Buffer): void {
      size += chunk.byteLength
      pieces += 1
      budget.grown(body, chunk.byteLength)
      if (size > maxBytes) settle(fail('too-large'))
      else if (pieces > MOST_PIECES || socket.bytesRead > wireLimit) settle(fail('too-much-framing'))
      else chunks.push(chunk)
    }
    function finish(): void {
      const [only] = chunks
      settle(succeed(only && chunks.length === 1 ? only : Buffer.concat(chunks, size)))
    }
    function goAway(): void {
      settle(fail('gone'))
    }
    // Without a listener the error of an aborted request would end the process; `close` follows it.
    request.on('data', take).on('end', finish).on('close', goAway).on('error', ignore)
  })
}

/** Whether a body follows the head. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** True for a request that announces more than `maxBytes`: it gets no "100 Continue". */
export function announcesTooMuch(request: IncomingMessage, maxBytes: number): boolean {
  return announcedLength(request) > maxBytes
}

function announcedLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

function ignore(): void {}
