import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from './find-ticket-id.ts'
import type { Interceptor, Verdict, VendorCall } from './intercept-calls.ts'
import type { Vendor, VendorEdge } from './vendor-edge.ts'

/** The request's body has been read already: it can be read only once. */
type Effect = () => Response

/** The wall between a vendor's rules and the network: every call passes it, and so do all faults. */
export interface Edge {
  /** Puts an interceptor in front; the last one put there is asked first. The returned function takes it away. */
  intercept(interceptor: Interceptor): () => void
  answer(
    call: { readonly at: VendorEdge; readonly request: Request; readonly body: string },
    effect: Effect,
  ): Promise<Response>
}

/** Makes the edge of one vendor. A lost connection is `Response.error()`: whoever serves it destroys the socket. */
export function createEdge({
  vendor,
  clock,
  journal,
}: {
  vendor: Vendor
  clock: Clock
  journal?: JournalWriter | undefined
}): Edge {
  const interceptors: Interceptor[] = []

  return {
    intercept: (interceptor) => {
      interceptors.unshift(interceptor)
      return () => {
        const at = interceptors.indexOf(interceptor)
        if (at !== -1) interceptors.splice(at, 1)
      }
    },
    answer: async ({ at, request, body }, effect) => {
      const label = labelOf(body)
      const { pathname } = new URL(request.url)
      const call: VendorCall = { vendor, at, method: request.method, path: pathname, body, ...label }
      const verdict = firstVerdict(interceptors, call)
      if (verdict) journal?.note({ source: 'fault', kind: verdict.name, at, ...label })
      const response = verdict ? await carryOut(verdict, { effect, clock, gone: request.signal }) : effect()
      const outcome = response.type === 'error' ? lostAs(verdict) : response.status
      journal?.note({ source: vendor, kind: 'call', at, outcome, ...label })
      return response
    },
  }
}

function firstVerdict(interceptors: readonly Interceptor[], call: VendorCall): Verdict | undefined {
  for (const interceptor of interceptors) {
    const verdict = interceptor(call)
    if (verdict) return verdict
  }
  return undefined
}

interface Means {
  readonly effect: Effect
  readonly clock: Clock
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal
}

async function carryOut(verdict: Verdict, { effect, clock, gone }: Means): Promise<Response> {
  switch (verdict.kind) {
    case 'answer':
      if (verdict.when === 'after') effect()
      return new Response(verdict.body ?? null, { status: verdict.status, headers: { ...verdict.headers } })
    case 'reset':
      if (verdict.when === 'after') effect()
      return Response.error()
    case 'silence':
      if (verdict.when === 'after') effect()
      await untilGone(gone)
      return Response.error()
    case 'late-effect':
      clock.after(verdict.ms, () => void effect())
      await untilGone(gone)
      return Response.error()
    case 'slow': {
      // A vendor that is slow does its work although nobody waits for it any more.
      const done = verdict.when === 'after' ? effect() : undefined
      await new Promise<void>((resolve) => void clock.after(verdict.ms, resolve))
      return done ?? effect()
    }
    case 'half-answer':
      return breakOff(effect())
  }
}

function untilGone(gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) resolve()
    else gone.addEventListener('abort', () => resolve(), { once: true })
  })
}

function lostAs(verdict: Verdict | undefined): 'reset' | 'no-answer' {
  return verdict?.kind === 'silence' || verdict?.kind === 'late-effect' ? 'no-answer' : 'reset'
}

async function breakOff(whole: Response): Promise<Response> {
  const body = new Uint8Array(await whole.arrayBuffer())
  const half = body.slice(0, Math.ceil(body.byteLength / 2))
  let sent = false
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent) controller.error(new TypeError('terminated'))
      else controller.enqueue(half)
      sent = true
    },
  })
  const headers = new Headers(whole.headers)
  headers.set('content-length', String(body.byteLength))
  return new Response(stream, { status: whole.status, headers })
}
