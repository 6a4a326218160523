import type { Clock } from 'ticket-core'
import type { Edge } from './create-edge.ts'
import type { CallbackEdge } from './vendor-edge.ts'

/** A request of a vendor to us. */
interface Callback {
  readonly at: CallbackEdge
  readonly method: 'POST' | 'HEAD'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** More text in which faults and the journal look for a ticket. */
  readonly about?: string
  /** How long the vendor waits for the answer. */
  readonly limitMs: number
}

/** How it ended, as the vendor sees it: a status, a connection that failed or broke, or no answer in time. */
export type CallbackOutcome = number | 'reset' | 'no-answer'

export interface CallbackSender {
  /** Never rejects. */
  send(callback: Callback): Promise<CallbackOutcome>
  /** Gives up what waits for an answer. */
  close(): void
}

/** Sends callbacks by the vendor's edge, where faults hit them. Time limits are those of the clock. */
export function createCallbackSender({
  edge,
  clock,
  fetch,
}: {
  readonly edge: Edge
  readonly clock: Clock
  readonly fetch: typeof globalThis.fetch
}): CallbackSender {
  const open = new Set<AbortController>()
  return {
    send: async ({ at, method, url, headers = {}, body, about = '', limitMs }) => {
      const limit = new AbortController()
      open.add(limit)
      const cancel = clock.after(limitMs, () => limit.abort())
      const init = { method, headers, ...(body !== undefined && { body }) }
      const request = new Request(url, { ...init, signal: limit.signal })
      // A request that a fault holds back arrives although the vendor has given up.
      const effect = (): Promise<Response> =>
        ask(fetch, new Request(url, limit.signal.aborted ? init : { ...init, signal: limit.signal }))
      try {
        return await Promise.race([
          edge.answer({ at, request, body: `${body ?? ''}\n${about}` }, effect).then(readOutcome(limit.signal)),
          whenAborted(limit.signal),
        ])
      } finally {
        cancel()
        open.delete(limit)
      }
    },
    close: () => {
      for (const each of open) each.abort()
    },
  }
}

/** A connection that fails is `Response.error()`, as everywhere at an edge. */
async function ask(fetch: typeof globalThis.fetch, request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    return Response.error()
  }
}

function readOutcome(signal: AbortSignal): (response: Response) => Promise<CallbackOutcome> {
  return async (response) => {
    if (response.type === 'error') return signal.aborted ? 'no-answer' : 'reset'
    try {
      await response.arrayBuffer()
      return response.status
    } catch {
      return 'reset'
    }
  }
}

function whenAborted(signal: AbortSignal): Promise<'no-answer'> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('no-answer'), { once: true })
  })
}

/** The `fetch` of a simulator that was given none: every connection fails. */
export const reachNothing: typeof fetch = () => Promise.reject(new TypeError('fetch failed'))
