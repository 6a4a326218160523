import type { IncomingMessage } from 'node:http'
import type { Clock, Result } from 'ticket-core'
import { fail, succeed } from 'ticket-core'
import type { BodyBudget, UnfinishedBody } from './body-budget.ts'

/**
 * Why there is no body. `gone`: the caller closed the connection, so no answer is possible; `crowded-out`: it was the
 * largest when all unfinished bodies together exceeded the limit.
 */
export type BodyFailure = 'too-large' | 'too-slow' | 'crowded-out' | 'gone'

export interface BodyLimits {
  readonly maxBytes: number
  readonly timeoutMs: number
  readonly clock: Clock
  readonly budget: BodyBudget
}

/** Reads a body as bytes: none of it if it is announced as too large, else no further than the limit. */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Result<Uint8Array, BodyFailure>> {
  const { maxBytes, timeoutMs, clock, budget } = limits
  if (announcedLength(request) > maxBytes) return Promise.resolve(fail('too-large'))
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
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
      budget.grown(body, chunk.byteLength)
      if (size > maxBytes) settle(fail('too-large'))
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
