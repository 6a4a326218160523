import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Clock, DeadLetterMessage, DeadLetterQueue, Log } from 'ticket-core'
import { cutText } from '../http/text.ts'
import { type OutgoingMessage, buildMessage, MAX_BYTES } from './message.ts'
import { createOutbox } from './outbox.ts'
import { createSendBatch } from './send-batch.ts'

export interface DeadLetterQueueOptions {
  readonly client: SQSClient
  readonly queueUrl: string
  readonly clock: Clock
  /** Milliseconds, tries included. @default 5000 */
  readonly timeoutMs?: number
  readonly log?: Log
}

/** UTF-16 units; the archive of the ledger's history holds the rest. */
const LONGEST_CODE = 100
const LONGEST_REASON = 1000

/** Attributes that readers of a dead letter use; one of the sender's with such a name is renamed. */
const OURS: ReadonlySet<string> = new Set(['code', 'reason', 'ticket', 'life', 'source'])
const THEIRS = 'original.'
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const MOST_ATTRIBUTES = 10
const NAME = /^(?!aws\.|amazon\.)(?=.{1,256}$)[\w-]+(?:\.[\w-]+)*$/i

/**
 * The dead-letter queue: body whole, with the attributes `code`, `reason`, `ticket`, `life` and `source`, and those that
 * the message came with.
 */
export function createDeadLetterQueue({
  client,
  queueUrl,
  clock,
  timeoutMs = 5000,
  log,
}: DeadLetterQueueOptions): DeadLetterQueue {
  const outbox = createOutbox({ sendBatch: createSendBatch(client, queueUrl, clock), clock, timeoutMs })
  return {
    async send(message) {
      const outcome = await outbox.send(hideAtFirst(buildDeadLetterMessage(message), message.delaySeconds))
      if (outcome.kind === 'accepted') return true
      log?.write('error', 'dead-letter.not-sent', { ticket: message.ticket, reason: outcome.reason })
      return false
    },
  }
}

/** The body comes first: where it leaves no room, its own attributes go, then the reason, then the code. */
function buildDeadLetterMessage(message: DeadLetterMessage): OutgoingMessage {
  const { body, cause, ticket, life, source, attributes = {} } = message
  const code = allowText(cause.code, LONGEST_CODE)
  const keys = { ticket: ticket === undefined ? undefined : allowText(ticket, LONGEST_CODE), life, source }
  const ours = { code, reason: allowText(cause.reason, LONGEST_REASON), ...keys }
  const whole = buildMessage(body, ours)
  if (whole.bytes <= MAX_BYTES) return carry(whole, attributes)
  const withoutReason = buildMessage(body, { code, ...keys })
  return withoutReason.bytes <= MAX_BYTES ? withoutReason : buildMessage(body, keys)
}

/** Adds each attribute that fits; none may make SQS refuse the message. */
function carry(message: OutgoingMessage, attributes: Readonly<Record<string, string>>): OutgoingMessage {
  const carried = { ...message.attributes }
  let { bytes } = message
  for (const [name, text] of Object.entries(attributes)) {
    const named = OURS.has(name) ? `${THEIRS}${name}` : name
    const one = buildMessage('', { [named]: allowText(text, text.length) })
    const isFull = Object.keys(carried).length >= MOST_ATTRIBUTES || bytes + one.bytes > MAX_BYTES
    if (isFull || !NAME.test(named)) continue
    Object.assign(carried, one.attributes)
    bytes += one.bytes
  }
  return { ...message, attributes: carried, bytes }
}

function hideAtFirst(message: OutgoingMessage, delaySeconds: number | undefined): OutgoingMessage {
  return delaySeconds === undefined ? message : { ...message, delaySeconds }
}

/**
 * A text that SQS takes as an attribute's value: characters outside its set become U+FFFD, and it ends after `limit`
 * UTF-16 units. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function allowText(text: string, limit: number): string {
  return cutText(text.toWellFormed(), limit).replaceAll(
    /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu,
    '\uFFFD',
  )
}
