import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { serveRequest } from './serve-request.ts'
import type { Cloud } from './http.ts'

export interface ListenOptions {
  readonly cloud: Cloud
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0 takes a free one. @default 0 */
  readonly port?: number
  /** Names by which clients may reach it, besides those of this machine: a container's. See `findForeignRequest`. */
  readonly hostNames?: readonly string[]
}

export interface Listener {
  readonly url: string
  readonly port: number
  /** Ends long polls, answers running requests, refuses new ones, and waits until every socket is closed. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Why listening failed. */
export interface ListenFailure {
  readonly code: 'port-in-use' | 'port-forbidden' | 'address-unavailable'
  readonly host: string
  readonly port: number
}

/**
 * Serves the cloud on a port. A port in use is a value, not an exception, so that the caller can name the flag that
 * changes it.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { cloud, host = '127.0.0.1', port = 0, hostNames = [] } = options
  const open = new Set<AbortController>()
  const serve = (request: IncomingMessage, response: ServerResponse): void =>
    void serveRequest({ cloud, request, response, open, hostNames: [host, ...hostNames] })
  const server = createServer(serve)
  // `serveRequest` answers "Expect: 100-continue" after it has checked the head.
  server.on('checkContinue', serve)
  // Clients reuse connections: a slow upload is not cut, and the SDK's agent decides when to close.
  server.keepAliveTimeout = 65_000
  const failure = await bind(server, host, port)
  if (failure) return { ok: false, failure }
  const bound = portOf(server)
  const close = async (): Promise<void> => {
    for (const controller of open) controller.abort()
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    server.closeIdleConnections()
    await closed
  }
  return {
    ok: true,
    listener: { url: urlOf(host, bound), port: bound, close, [Symbol.asyncDispose]: close },
  }
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

/**
 * The URL by which this machine reaches a listener, without a trailing slash. A wildcard address is where it listens, not a
 * name: a request to it is refused as one to a foreign host.
 */
export function urlOf(host: string, port: number): string {
  const reached = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`
}
