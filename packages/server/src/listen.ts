import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock, Log, Metrics } from 'ticket-core'
import { createHeldBodies } from './held-bodies.ts'
import type { Handle, Reply } from './http-values.ts'
import { BODY_LIMIT, replyText } from './http-values.ts'
import { answerBrokenHead } from './answer-broken-head.ts'
import type { BodyFailure } from './read-body.ts'
import { announcesTooMuch, readBody } from './read-body.ts'

export interface ListenOptions {
  readonly handle: Handle
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds for a body, from the head's arrival; 408 after that. @default 3000 */
  readonly bodyTimeoutMs?: number
  /** Bytes of unfinished bodies, all connections together; the largest gets 503 above that. @default 64 MiB */
  readonly heldBytes?: number
}

/** A listener at work. */
export interface Listening {
  readonly port: number
  /** Takes no more connections, answers every accepted request, then closes what is left. Any number of times. */
  close(): Promise<void>
}

const HELD_BYTES = 64 * 1024 * 1024
/** Milliseconds. Longer than the 60 s of common load balancers, so that they never send into a closing connection. */
const KEEP_ALIVE = 65_000
/** Node's own watch over heads and silent sockets, on the system's clock: hygiene, no part of any answer's time. */
const HEAD_TIMEOUT = 10_000
const SILENT_SOCKET = 75_000

/** Puts `handle` behind node:http; docs/decisions/0003-http-server.md says why not behind a framework. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { handle, host, port, clock, log, metrics, bodyTimeoutMs = 3000, heldBytes = HELD_BYTES } = options
  const held = createHeldBodies(heldBytes)
  let closing: Promise<void> | undefined
  let open = 0
  let whenIdle: (() => void) | undefined

  function send(response: ServerResponse, reply: Reply, mustClose = false): void {
    const headers: Record<string, string | number> = {
      ...reply.headers,
      'content-length': Buffer.byteLength(reply.body),
    }
    if (mustClose || closing) headers['connection'] = 'close'
    // A text and its head leave in one write; bytes would take two.
    response.writeHead(reply.status, headers).end(reply.body)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedAt = clock.monotonic()
    const { method = '', url = '', headers } = request
    const read =
      method === 'POST'
        ? await readBody(request, { maxBytes: BODY_LIMIT, timeoutMs: bodyTimeoutMs, clock, held })
        : NO_BODY
    if (read.ok) send(response, await handle({ method, path: url, headers, body: read.value, receivedAt }))
    else {
      log.write('warn', 'request.refused', { code: `body-${read.failure}`, hint: HINTS[read.failure] })
      metrics.count('ticketing_refused_total', { code: `body-${read.failure}` })
      if (read.failure !== 'gone') send(response, REFUSALS[read.failure], true)
    }
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    open += 1
    response.once('close', () => {
      open -= 1
      if (open === 0) whenIdle?.()
    })
    try {
      await answer(request, response)
    } catch (error) {
      log.write('error', 'server.defect', {
        error: error instanceof Error ? (error.stack ?? error.name) : 'not an Error',
      })
      metrics.count('ticketing_defects_total')
      if (!response.headersSent) send(response, replyText(500, 'Internal Server Error\n'), true)
    }
  }

  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE,
    headersTimeout: HEAD_TIMEOUT,
    connectionsCheckingInterval: 2000,
  })
  server.setTimeout(SILENT_SOCKET)
  server.on('request', (request, response) => void take(request, response))
  server.on('checkContinue', (request, response) => {
    if (!announcesTooMuch(request, BODY_LIMIT)) response.writeContinue()
    void take(request, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    answerBrokenHead(error, socket, log)
  })

  async function shutDown(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve()
      })
    })
    if (open > 0)
      await new Promise<void>((resolve) => {
        whenIdle = resolve
      })
    // What is left has sent half a head at most.
    server.closeAllConnections()
    await closed
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => (closing ??= shutDown()),
  }
}

const NO_BODY = { ok: true, value: new Uint8Array() } as const

const REFUSALS: Readonly<Record<Exclude<BodyFailure, 'gone'>, Reply>> = {
  'too-large': replyText(413, 'Content Too Large\n'),
  'too-slow': replyText(408, 'Request Timeout\n'),
  'crowded-out': replyText(503, 'Service Unavailable\n'),
}

const HINTS: Readonly<Record<BodyFailure, string>> = {
  'too-large': 'the body is over 256 KiB: no Teams message is',
  'too-slow': 'the body did not arrive in time: a slow tunnel or proxy, or somebody holding connections open',
  'crowded-out':
    'unfinished bodies together exceed what may be held, and this was the largest: somebody holds connections open',
  gone: 'the caller closed the connection in the middle of its body',
}
