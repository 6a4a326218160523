import type { AppSecret, CallbackFailure, Clock, Log, Metrics, Result } from 'ticket-core'
import type { CallbackSecret } from './callback-secret.ts'
import { type Handle, type IncomingRequest, type Reply, BODY_LIMIT, replyText } from './http-values.ts'

export interface CallbackPorts {
  readonly secret: CallbackSecret
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** A vendor that calls back, and how its callbacks are verified and read. */
export interface Callbacks {
  readonly vendor: 'trello' | 'slack'
  readonly methods: readonly ('HEAD' | 'POST')[]
  /** Milliseconds from the head of the request to the answer. */
  readonly answerWithin: number
  /** What it signs with; undefined while it is not set up. */
  readonly keyOf: (secret: AppSecret) => string | undefined
  readonly verify: (request: IncomingRequest, key: string) => Result<undefined, CallbackFailure>
  /** Only what is signed comes here. */
  readonly receive: (request: IncomingRequest, secret: AppSecret, deadline: number) => Promise<Reply>
}

/** SQS has the event, or there is none. */
export const TAKEN: Reply = replyText(200, '')
/** The vendor may send it again: an event has one id however often it comes. */
export const AGAIN: Reply = replyText(503, 'Service Unavailable\n', { 'retry-after': '5' })
/** What a path that does not exist answers, too. */
const NOT_SET_UP = replyText(404, 'Not Found\n')

/**
 * Receives the callbacks of one vendor: 404 while its secret is absent, 401 without a reason for what it did not sign.
 * When no signature fits, it is checked again with a newer secret.
 */
export function createCallbackReceiver(ports: CallbackPorts, callbacks: Callbacks): Handle {
  const { secret, clock, log, metrics } = ports
  const { vendor, methods, answerWithin, keyOf, verify, receive } = callbacks

  function refuse({ from }: IncomingRequest, reply: Reply, failure: { code: string; hint: string }): Reply {
    const code = `${vendor}-${failure.code}`
    log.write('warn', 'request.refused', { code, status: reply.status, hint: failure.hint, from })
    metrics.count('ticketing_refused_total', { code })
    return reply
  }

  return async (request) => {
    const deadline = (request.receivedAt ?? clock.monotonic()) + answerWithin
    const cached = await secret.current(deadline)
    if (!cached) return AGAIN
    const known = keyOf(cached) === undefined ? await secret.renewed(deadline) : cached
    const key = known && keyOf(known)
    if (!known || key === undefined) return NOT_SET_UP
    if (!methods.some((method) => method === request.method))
      return replyText(405, 'Method Not Allowed\n', { allow: methods.join(', ') })
    if (request.method === 'HEAD') return TAKEN
    if (request.body.byteLength > BODY_LIMIT) return refuse(request, replyText(413, 'Content Too Large\n'), TOO_LARGE)
    const signed = verify(request, key)
    if (signed.ok) return receive(request, known, deadline)
    const newer = signed.failure.code === 'mismatch' ? await secret.renewed(deadline) : undefined
    const newKey = newer && keyOf(newer)
    if (newer && newKey !== undefined && newKey !== key && verify(request, newKey).ok)
      return receive(request, newer, deadline)
    return refuse(request, replyText(401, 'Unauthorized\n'), signed.failure)
  }
}

const TOO_LARGE = { code: 'too-large', hint: 'the body is over 256 KiB: no callback is' }

/** Signed, and no event: counted, and answered like one, so that the vendor does not send it again. */
export function passOver(
  { log, metrics }: Pick<CallbackPorts, 'log' | 'metrics'>,
  via: Callbacks['vendor'],
  reading:
    | { readonly kind: 'ignored' | 'own'; readonly what: string }
    | { readonly kind: 'unreadable'; readonly reason: string },
): Reply {
  const { kind, ...about } = reading
  metrics.count('ticketing_callbacks_total', { via, outcome: kind })
  log.write(kind === 'unreadable' ? 'warn' : 'debug', `callback.${kind}`, { via, ...about })
  return TAKEN
}
