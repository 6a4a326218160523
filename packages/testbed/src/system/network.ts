import type { Handle } from '@ticketing/server'
import { createSimulatorFetch } from '../simulators/simulator-fetch.ts'
import type { Simulator } from '../simulators/simulator.ts'

/** Servers and simulators that reach each other without a socket. */
export interface Network {
  readonly fetch: typeof fetch
  /**
   * Serves this origin until the returned function is called. That function resolves when all open requests are answered.
   * `killed` resets the open requests.
   */
  serve(origin: string, handle: Handle, killed: AbortSignal): () => Promise<void>
}

export function createNetwork(simulators: readonly Simulator[]): Network {
  const servers = new Map<string, Server>()
  const known = new Set<string>()
  const reachSimulators = createSimulatorFetch(simulators)
  return {
    async fetch(input, init) {
      const request = new Request(input, init)
      const { origin } = new URL(request.url)
      if (!known.has(origin)) return reachSimulators(request)
      const server = servers.get(origin)
      if (!server || server.killed.aborted) throw failed('connect', 'ECONNREFUSED')
      // fetch rejects with the caller's own reason.
      return unlessAborted(take(server, request), request.signal, (): unknown => request.signal.reason)
    },
    serve(origin, handle, killed) {
      known.add(origin)
      const server: Server = { handle, killed, open: new Set() }
      servers.set(origin, server)
      return async () => {
        if (servers.get(origin) === server) servers.delete(origin)
        await Promise.allSettled(server.open)
      }
    },
  }
}

interface Server {
  readonly handle: Handle
  readonly killed: AbortSignal
  /** Requests that wait for their answers. */
  readonly open: Set<Promise<Response>>
}

async function take(server: Server, request: Request): Promise<Response> {
  const answer = unlessAborted(ask(server.handle, request), server.killed, () => failed('read', 'ECONNRESET'))
  server.open.add(answer)
  try {
    return await answer
  } finally {
    server.open.delete(answer)
  }
}

async function ask(handle: Handle, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const body = new Uint8Array(await request.arrayBuffer())
  const headers = Object.fromEntries(request.headers)
  const reply = await handle({ method: request.method, path: pathname + search, headers, body })
  return new Response(reply.body, { status: reply.status, headers: { ...reply.headers } })
}

/** Resolves with the answer, or rejects with `reason` when the signal is aborted. */
async function unlessAborted<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal,
  reason: () => unknown,
): Promise<Answer> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const cut = (): void => reject(reason())
  if (signal.aborted) cut()
  else signal.addEventListener('abort', cut, { once: true })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

/** The error of Node's own fetch. */
function failed(syscall: string, code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }) })
}
