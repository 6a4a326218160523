import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Cloud, CloudRequest } from './http.ts'

export interface ListenOptions {
  readonly cloud: Cloud
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0 takes a free one. @default 0 */
  readonly port?: number
}

export interface Listener {
  readonly url: string
  readonly port: number
  /** Ends long polls, answers what is at work, refuses what comes, and waits until every socket is closed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Why listening failed. */
export interface ListenFailure {
  readonly code: 'port-in-use' | 'port-forbidden' | 'address-unavailable'
  readonly host: string
  readonly port: number
}

/** Puts the cloud behind a port. A port that cannot be had is a value, so that the caller can name the flag that changes it. */
export async function listen({ cloud, host = '127.0.0.1', port = 0 }: ListenOptions): Promise<Listening> {
  const open = new Set<AbortController>()
  const server = createServer((request, response) => void serve({ cloud, request, response, open }))
  // Clients hold connections; a slow upload is not cut, and the SDK's agent decides how long it keeps one.
  server.keepAliveTimeout = 65_000
  const failure = await bind(server, host, port)
  if (failure) return { ok: false, failure }
  const bound = portOf(server)
  const close = async (): Promise<void> => {
    for (const gone of open) gone.abort()
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    server.closeIdleConnections()
    await closed
  }
  const shown = host.includes(':') ? `[${host}]` : host
  return { ok: true, listener: { url: `http://${shown}:${bound}`, port: bound, close, [Symbol.asyncDispose]: close } }
}

export type Listening =
  | { readonly ok: true; readonly listener: Listener }
  | { readonly ok: false; readonly failure: ListenFailure }

function bind(server: Server, host: string, port: number): Promise<ListenFailure | undefined> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = failureCodes[error.code ?? '']
      if (code) resolve({ code, host, port })
      else reject(error)
    })
    server.listen(port, host, () => resolve(undefined))
  })
}

const failureCodes: Readonly<Record<string, ListenFailure['code']>> = {
  EADDRINUSE: 'port-in-use',
  EACCES: 'port-forbidden',
  EADDRNOTAVAIL: 'address-unavailable',
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.')
  return address.port
}

interface Exchange {
  readonly cloud: Cloud
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly open: Set<AbortController>
}

async function serve({ cloud, request, response, open }: Exchange): Promise<void> {
  const gone = new AbortController()
  open.add(gone)
  response.once('close', () => {
    open.delete(gone)
    if (!response.writableFinished) gone.abort()
  })
  try {
    const answer = await cloud(await readRequest(request, gone.signal))
    if (response.destroyed) return
    // The listener is closing: this connection must not be kept for another request.
    if (gone.signal.aborted) response.shouldKeepAlive = false
    const length =
      request.method === 'HEAD' || answer.status === 304 || answer.status === 204 ? undefined : answer.body.length
    response.writeHead(answer.status, {
      ...answer.headers,
      ...(length !== undefined && { 'content-length': String(length) }),
    })
    response.end(request.method === 'HEAD' ? undefined : answer.body)
  } catch {
    // The client went away in the middle of its request, or the cloud itself failed: nothing can be said on this socket.
    response.destroy()
  }
}

async function readRequest(request: IncomingMessage, gone: AbortSignal): Promise<CloudRequest> {
  const chunks: Uint8Array[] = []
  const stop = (): void => void request.destroy()
  gone.addEventListener('abort', stop)
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  gone.removeEventListener('abort', stop)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const [only] = chunks
  const body = chunks.length === 1 && only ? only : Buffer.concat(chunks)
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers,
    body,
    gone,
    address: request.socket.remoteAddress,
  }
}
