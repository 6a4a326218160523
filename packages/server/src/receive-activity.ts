import {
  type SecretSource,
  type TicketQueue,
  type TokenTeams,
  makeTicket,
  parseDraft,
  readActivity,
  readCommand,
  replyNotAccepted,
  replyProblems,
  teamOf,
} from 'ticket-core'
import { createDeduplicator } from './deduplicate.ts'
import { createTeamCheck } from './check-team.ts'
import { type Refusal, answerRefusal, operatorHint } from './explain-refusal.ts'
import { type CommandPorts, handleCommand } from './handle-command.ts'
import { type Handle, type IncomingRequest, type Reply, BODY_LIMIT, readHeader, replyJson } from './http-values.ts'
import { createKeyRingCache } from './key-ring-cache.ts'
import { submitTicket } from './submit-ticket.ts'
import { traceTicket } from './traceparent.ts'
import { verifyRequest } from './verify-request.ts'

/** The ports that line 1 calls. */
export interface ReceiverPorts extends CommandPorts {
  readonly secret: SecretSource
  readonly queue: Pick<TicketQueue, 'enqueue'>
  readonly tokenTeams: TokenTeams
  /** Milliseconds by which a message's time stamp may be off, in either direction. */
  readonly maxAgeMs: number
}

/** Teams shows an error after five seconds; the answer leaves before that, even when AWS is slow. Milliseconds. */
const ANSWER_WITHIN = 4700

/** Line 1: from a request to the reply that Teams posts in the thread. "Accepted" means that SQS has confirmed it. */
export function createReceiver(ports: ReceiverPorts): Handle {
  const { clock, log, metrics, maxAgeMs } = ports
  const keys = createKeyRingCache(ports)
  const checkTeam = createTeamCheck(ports)
  // A message, and every repeat of it, is fresh from maxAge before its time stamp to maxAge after it.
  const enqueueOnce = createDeduplicator({ queue: ports.queue, clock, rememberMs: 2 * maxAgeMs })

  function refuse(refusal: Refusal, { from }: IncomingRequest): Reply {
    const reply = answerRefusal(refusal)
    log.write('warn', 'request.refused', {
      code: refusal.code,
      status: reply.status,
      hint: operatorHint(refusal),
      from,
    })
    metrics.count('ticketing_refused_total', { code: refusal.code })
    return reply
  }

  return async (request) => {
    const deadline = (request.receivedAt ?? clock.monotonic()) + ANSWER_WITHIN
    if (request.body.byteLength > BODY_LIMIT) return refuse({ code: 'too-large' }, request)
    const signed = await verifyRequest(keys, request, deadline)
    if (!signed.ok) return refuse(signed.failure, request)
    const activity = readActivity({ body: request.body, now: clock.now(), maxAgeMs })
    if (!activity.ok) return refuse(activity.failure, request)
    const command = readCommand(activity.value)
    const { mention } = command
    const team = teamOf(activity.value)
    const check = await checkTeam({ token: signed.value, team, deadline })
    if (check.kind === 'another-team') return refuse({ code: 'another-team', check }, request)
    if (check.kind === 'unavailable') return replyJson(replyNotAccepted({ mention }))
    if (command.kind !== 'ticket')
      return replyJson(await handleCommand(ports, command, { activity: activity.value, team, deadline }))
    const { ignored, hasQuote, text } = command.message
    const draft = parseDraft(text)
    if (!draft.ok) {
      metrics.count('ticketing_refused_total', { code: 'bad-draft' })
      log.write('info', 'ticket.malformed', {
        problems: draft.failure.problems.map(({ field, code }) => `${field} ${code}`),
      })
      return replyJson(replyProblems({ ...draft.failure, ignored, hasQuote, meant: command.meant, mention }))
    }
    const ticket = makeTicket(activity.value, draft.value)
    const traceparent = traceTicket(readHeader(request, 'traceparent'), ticket)
    const submission = { ticket, traceparent, deadline, ignored, hasQuote, mention }
    return replyJson(await submitTicket({ ...ports, enqueueOnce }, submission))
  }
}
