import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { findForeignRequest, readBody, urlOf } from '@ticketing/local-aws'
import { getResponse } from 'msw'
import type { Simulator } from './simulator.ts'
import type { Vendor } from './vendor-edge.ts'

/** Listeners of a testbed. The options name a port for each. */
export type Listening = 'server' | 'cloud' | Vendor

/** Another program listens on the port that was asked for. */
export class AddressInUse extends Error {
  override readonly name = 'AddressInUse'
  readonly who: Listening
  readonly port: number

  constructor(who: Listening, port: number, cause?: unknown) {
    super(`Port ${port} for ${who} is in use. Stop what listens there, or choose another port.`, { cause })
    this.who = who
    this.port = port
  }
}

export interface ListeningSimulator {
  /** `http://127.0.0.1:4567`, without a trailing slash. */
  readonly url: string
  readonly port: number
  /** Stops listening and breaks open connections. */
  close(): Promise<void>
}

export interface ListenOptions {
  /** 0 takes a free one. @default 0 */
  readonly port?: number
  /** @default '127.0.0.1' */
  readonly host?: string
  /** Names by which clients may reach it, besides those of this machine: a container's. See `findForeignRequest`. */
  readonly hostNames?: readonly string[]
  /** What `GET /health` answers, for a supervisor of containers: 200 or 503. Absent: the vendor's own answer. */
  readonly isReady?: () => boolean
}

/**
 * Puts a simulator behind a real listener. A lost connection is a destroyed socket. A silent vendor stays silent until
 * the client disconnects. Rejects with {@link AddressInUse}.
 */
export async function listenSimulator(
  simulator: Simulator,
  { port = 0, host = '127.0.0.1', hostNames = [], isReady }: ListenOptions = {},
): Promise<ListeningSimulator> {
  // Trello's edge refuses long URLs with its own answer, so Node must not refuse them first.
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (request, response) => {
    const { method = 'GET', headers } = request
    try {
      const foreign = findForeignRequest({ method, headers }, [host, ...hostNames])
      if (foreign) refuse(request, response, { status: 403, text: foreign.text })
      else if (Number(headers['content-length'] ?? 0) > MOST_BYTES) refuse(request, response, TOO_LARGE)
      else if (answerPage(simulator, request, response)) return
      else if (isReady && request.url === '/health') response.writeHead(isReady() ? 200 : 503).end()
      else void serve(simulator, request, response)
    } catch {
      // Nothing that a client sends may end the process.
      response.destroy()
    }
  })
  const bound = await listen(server, { port, host, who: simulator.name })
  return {
    port: bound,
    url: urlOf(host, bound),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers a page of the simulator to a browser. False if there is no such page. */
function answerPage(simulator: Simulator, { method, url = '' }: IncomingMessage, response: ServerResponse): boolean {
  const page = method === 'GET' || method === 'HEAD' ? simulator.page(url.split('?', 1)[0] ?? '') : undefined
  if (page === undefined) return false
  // Plain text: the words of a user cannot become markup.
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
  response.writeHead(200, headers).end(method === 'HEAD' ? '' : page)
  return true
}

function listen(server: Server, { port, host, who }: { port: number; host: string; who: Vendor }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new AddressInUse(who, port, error) : error)
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

/** More than any vendor takes in one request without files. */
const MOST_BYTES = 16_777_216
const TOO_LARGE = { status: 413, text: `The body is larger than ${MOST_BYTES} bytes.` }

/** Does not read the body: closes the connection. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, text }: { readonly status: number; readonly text: string },
): void {
  response.shouldKeepAlive = false
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
  request.resume()
}

async function serve(simulator: Simulator, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const disconnected = new AbortController()
  outgoing.once('close', () => disconnected.abort())
  try {
    const body = await readBody(incoming, MOST_BYTES)
    if (!body) {
      refuse(incoming, outgoing, TOO_LARGE)
      return
    }
    const request = toRequest(simulator.origin, incoming, { body, signal: disconnected.signal })
    const response = await getResponse([...simulator.handlers], request)
    if (!response || response.type === 'error') {
      outgoing.destroy()
      return
    }
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    for await (const chunk of response.body ?? []) await flush(outgoing, chunk)
    outgoing.end()
  } catch {
    // The client disconnected, or the fault breaks the answer off: there is no one to send an error to.
    outgoing.destroy()
  }
}

/** Waits until the chunk is sent, so that a broken connection does not discard it. */
function flush(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()))
  })
}

function toRequest(
  origin: string,
  incoming: IncomingMessage,
  { body, signal }: { readonly body: Uint8Array; readonly signal: AbortSignal },
): Request {
  const headers = new Headers()
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '')
  }
  const method = incoming.method ?? 'GET'
  const init = { method, headers, signal }
  const url = new URL(origin + (incoming.url ?? '/'))
  return new Request(url, method === 'GET' || method === 'HEAD' ? init : { ...init, body: Buffer.from(body) })
}
