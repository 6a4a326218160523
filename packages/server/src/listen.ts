import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock, Log, Metrics } from 'ticket-core'
import { createBodyBudget } from './body-budget.ts'
import { type Handle, type Reply, BODY_LIMIT, replyText } from './http-values.ts'
import { answerBrokenHead } from './answer-broken-head.ts'
import { createConnectionDrain } from './drain-connections.ts'
import { type BodyFailure, announcesTooMuch, hasBody, readBody } from './read-body.ts'
import { type ReadSource, createSourceReader } from './read-source.ts'

export interface ListenOptions {
  readonly handle: Handle
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds for a body, from the head's arrival; 408 after that. @default 3000 */
  readonly bodyTimeoutMs?: number
  /** Bytes of the unfinished bodies of all connections; above that the largest gets 503. @default 64 MiB */
  readonly bodyBudgetBytes?: number
  /** Which address the log shows for a request. @default the connection's other end */
  readonly readSource?: ReadSource
}

/** A running listener. */
export interface Listening {
  readonly port: number
  /** From now on every answer closes its connection; requests are still answered. */
  retire(): void
  /** Takes no more connections, answers every accepted request, then closes what is left. Any number of times. */
  close(): Promise<void>
}

/** The request of a connection that is being answered. */
interface Exchange {
  readonly request: IncomingMessage
  /** The connection is closed after the answer. */
  isLast: boolean
}

const BODY_BUDGET = 64 * 1024 * 1024
/** Milliseconds. Longer than the 60 s of common load balancers, so that they never send into a closing connection. */
const KEEP_ALIVE = 65_000
/** Node's own limits for heads and silent sockets, on the system's clock. They are no part of an answer's time. */
const HEAD_TIMEOUT = 10_000
const SILENT_SOCKET = 75_000

/** Puts `handle` behind node:http; docs/decisions/0003-http-server.md says why not behind a framework. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { handle, host, port, clock, log, metrics, bodyTimeoutMs = 3000, bodyBudgetBytes = BODY_BUDGET } = options
  const { readSource = createSourceReader() } = options
  const budget = createBodyBudget(bodyBudgetBytes)
  const exchanges = new WeakMap<Socket, Exchange>()
  let isRetired = false
  let closing: Promise<void> | undefined

  function send(response: ServerResponse, reply: Reply): void {
    const headers: Record<string, string | number> = {
      ...reply.headers,
      'content-length': Buffer.byteLength(reply.body),
    }
    if (isRetired || exchanges.get(response.req.socket)?.isLast === true) headers['connection'] = 'close'
    // Node writes a string together with its head; bytes would take a second write.
    response.writeHead(reply.status, headers).end(reply.body)
  }

  function refuse(request: IncomingMessage, fields: { code: string; hint: string; status?: number }): void {
    log.write('warn', 'request.refused', { ...fields, from: readSource(request) })
    metrics.count('ticketing_refused_total', { code: fields.code })
  }

  async function answer(request: IncomingMessage, response: ServerResponse, exchange: Exchange): Promise<void> {
    const receivedAt = clock.monotonic()
    const { method = '', url = '', headers } = request
    // For every method and path: Node would read an unread body to its end.
    const read = hasBody(request)
      ? await readBody(request, { maxBytes: BODY_LIMIT, timeoutMs: bodyTimeoutMs, clock, budget })
      : NO_BODY
    if (read.ok) {
      const from = readSource(request)
      const reply = await handle({ method, path: url, headers, body: read.value, receivedAt, from })
      await drain.answersHeld()
      send(response, reply)
      return
    }
    const refusal = read.failure === 'gone' ? undefined : REFUSALS[read.failure]
    const status = refusal && { status: refusal.status }
    refuse(request, { code: `body-${read.failure}`, hint: HINTS[read.failure], ...status })
    exchange.isLast = true
    stopReading(request.socket)
    if (refusal) send(response, refusal)
  }

  /** Makes the answer to the open request the connection's last one. Nothing more is read from the connection. */
  function endAfterAnswer(exchange: Exchange, code: keyof typeof LAST_HINTS): void {
    if (exchange.isLast) return
    exchange.isLast = true
    stopReading(exchange.request.socket)
    refuse(exchange.request, { code, hint: LAST_HINTS[code] })
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request
    drain.arrived()
    const earlier = exchanges.get(socket)
    if (earlier) {
      endAfterAnswer(earlier, 'pipelined')
      return
    }
    const exchange: Exchange = { request, isLast: false }
    exchanges.set(socket, exchange)
    const ended = drain.began()
    response.once('close', () => {
      ended()
      // The exchange stays: what is still read from the connection after its last answer is not taken as a request.
      if (exchange.isLast) socket.destroySoon()
      else exchanges.delete(socket)
    })
    if (request.headers.expect?.toLowerCase() === '100-continue' && !announcesTooMuch(request, BODY_LIMIT))
      response.writeContinue()
    try {
      await answer(request, response, exchange)
    } catch (error) {
      log.write('error', 'server.defect', {
        error: error instanceof Error ? (error.stack ?? error.name) : 'not an Error',
      })
      metrics.count('ticketing_defects_total')
      exchange.isLast = true
      if (!response.headersSent) send(response, replyText(500, 'Internal Server Error\n'))
    }
  }

  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE,
    headersTimeout: HEAD_TIMEOUT,
    connectionsCheckingInterval: 2000,
  })
  server.setTimeout(SILENT_SOCKET)
  const drain = createConnectionDrain(server, clock)
  server.on('connection', () => drain.arrived())
  // Without these listeners Node would answer an "Expect" itself, and read that request's body to its end.
  for (const event of ['request', 'checkContinue', 'checkExpectation'] as const)
    server.on(event, (request: IncomingMessage, response: ServerResponse) => void take(request, response))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const exchange = exchanges.get(socket)
    if (exchange?.request.complete === true) endAfterAnswer(exchange, 'followed-by-garbage')
    else answerBrokenHead(error, { socket, log, from: readSource({ socket, headers: {} }) })
  })

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
    retire() {
      isRetired = true
    },
    close() {
      isRetired = true
      closing ??= drain.close()
      return closing
    },
  }
}

/** After the answer Node resumes reading, to drop the rest; one packet holds 2,000 small requests, 10,000 chunks. */
function stopReading(socket: Socket): void {
  socket.on('resume', () => socket.pause())
  socket.pause()
}

const NO_BODY = { ok: true, value: new Uint8Array() } as const

const REFUSALS: Readonly<Record<Exclude<BodyFailure, 'gone'>, Reply>> = {
  'too-large': replyText(413, 'Content Too Large\n'),
  'too-much-framing': replyText(413, 'Content Too Large\n'),
  'too-slow': replyText(408, 'Request Timeout\n'),
  'crowded-out': replyText(503, 'Service Unavailable\n'),
}

const HINTS: Readonly<Record<BodyFailure, string>> = {
  'too-large': 'the body is over 256 KiB: no Teams message is',
  'too-much-framing':
    'the body came in thousands of tiny chunks, or with more chunk extensions than data: no honest client does that',
  'too-slow': 'the body did not arrive in time: a slow tunnel or proxy, or a client that holds connections open',
  'crowded-out':
    'unfinished bodies together exceed what may be held, and this was the largest: a client holds connections open',
  gone: 'the caller closed the connection in the middle of its body',
}

const LAST_HINTS = {
  pipelined:
    'a second request came before the first was answered; only the first is answered, and the connection closed: send one request at a time',
  'followed-by-garbage': 'what follows the request is no HTTP; the request is answered, and the connection closed',
} as const
