import { sleep } from 'ticket-adapters/clock'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from './find-ticket-id.ts'
import type { Dispatch, FaultAction, Interceptor, VendorCall } from './intercept-calls.ts'
import type { CallbackEdge, Vendor, VendorEdge } from './vendor-edge.ts'

/**
 * The work of the vendor, or of our listener. The request's body is read already: it can be read only once.
 * `delayedMs`: so long a fault kept it back.
 */
type Effect = (delayedMs?: number) => Response | Promise<Response>

/** Between the network and a vendor's rules: every call to it and every callback passes it, and all faults apply here. */
export interface Edge {
  /** Adds an interceptor. The last one added is called first. The returned function removes it. */
  intercept(interceptor: Interceptor): () => void
  /** `body` is what faults and the journal look for a ticket in. */
  answer(
    call: { readonly at: VendorEdge | CallbackEdge; readonly request: Request; readonly body: string },
    effect: Effect,
  ): Promise<Response>
  /** What becomes of an event before it is sent as a callback. `undefined`: it is sent. */
  dispatch(event: { readonly at: CallbackEdge; readonly url: string; readonly body: string }): Dispatch | undefined
}

/** Makes the edge of one vendor. `Response.error()` is a lost connection: the listener then destroys the socket. */
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
      const call: VendorCall = { vendor, at, stage: 'send', method: request.method, path: pathname, body, ...label }
      const action = firstAction(interceptors, call)
      if (action) journal?.note({ source: 'fault', kind: action.name, at, ...label })
      const response = action ? await carryOut(action, { effect, clock, signal: request.signal }) : await effect()
      const isSilent = isSilence(action) || request.signal.aborted
      const outcome = response.type !== 'error' ? response.status : isSilent ? 'no-answer' : 'reset'
      journal?.note(
        isCallback(at)
          ? { source: vendor, kind: 'callback', at, outcome, ...label }
          : { source: vendor, kind: 'call', at, outcome, ...label },
      )
      return response
    },
    dispatch: ({ at, url, body }) => {
      const label = labelOf(body)
      const call: VendorCall = {
        vendor,
        at,
        stage: 'dispatch',
        method: 'POST',
        path: new URL(url).pathname,
        body,
        ...label,
      }
      const action = firstAction(interceptors, call)
      if (!action || !isDispatch(action)) return undefined
      journal?.note({ source: 'fault', kind: action.name, at, ...label })
      return action
    },
  }
}

function firstAction(interceptors: readonly Interceptor[], call: VendorCall): FaultAction | undefined {
  for (const interceptor of interceptors) {
    const action = interceptor(call)
    if (action) return action
  }
  return undefined
}

interface Dependencies {
  readonly effect: Effect
  readonly clock: Clock
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal
}

async function carryOut(action: FaultAction, { effect, clock, signal }: Dependencies): Promise<Response> {
  switch (action.kind) {
    case 'answer':
      if (action.when === 'after') await effect()
      return new Response(action.body ?? null, { status: action.status, headers: { ...action.headers } })
    case 'reset':
      if (action.when === 'after') await effect()
      return Response.error()
    case 'silence':
      if (action.when === 'after') await effect()
      await untilAborted(signal)
      return Response.error()
    case 'late-effect':
      clock.after(action.ms, () => void effect(action.ms))
      await untilAborted(signal)
      return Response.error()
    case 'slow': {
      // A slow vendor does its work even if the client has given up.
      const done = action.when === 'after' ? await effect() : undefined
      await sleep(clock, action.ms)
      return done ?? effect(action.ms)
    }
    case 'half-answer':
      return truncateBody(await effect())
    case 'lost':
    case 'duplicate':
    case 'delayed':
      throw new Error(`"${action.kind}" is not a fault of a call: it hits events before they are sent.`)
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function isSilence(action: FaultAction | undefined): boolean {
  return action?.kind === 'silence' || action?.kind === 'late-effect'
}

function isDispatch(action: FaultAction): action is FaultAction & Dispatch {
  return action.kind === 'lost' || action.kind === 'duplicate' || action.kind === 'delayed'
}

function isCallback(at: VendorEdge | CallbackEdge): at is CallbackEdge {
  return at.startsWith('callback.')
}

async function truncateBody(whole: Response): Promise<Response> {
  // A connection that failed has nothing to break off.
  if (whole.type === 'error') return whole
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
