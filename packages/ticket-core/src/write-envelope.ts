import { type Result, fail, succeed } from './result.ts'
import type { Ticket } from './ticket.ts'

/** The most bytes that a queue message's body may have: 256 KiB. */
export const ENVELOPE_LIMIT: number = 256 * 1024

/** A ticket that is too large for a queue: its size as a message body, and SQS's limit. Bytes. */
export interface EnvelopeTooLarge {
  readonly code: 'envelope-too-large'
  readonly bytes: number
  readonly limit: number
}

/** The version that {@link writeEnvelope} writes. */
export const ENVELOPE_VERSION = 1

/**
 * Writes the queue message of a ticket's life (0 at first, one more with each redrive): versioned JSON in pure ASCII,
 * so that no queue can refuse or change a character. Nothing is cut: too large is a failure.
 */
export function writeEnvelope({
  ticket,
  life,
}: {
  readonly ticket: Ticket
  readonly life: number
}): Result<string, EnvelopeTooLarge> {
  const body = escapeToAscii(JSON.stringify({ v: ENVELOPE_VERSION, life, ticket }))
  if (body.length > ENVELOPE_LIMIT) {
    return fail({ code: 'envelope-too-large', bytes: body.length, limit: ENVELOPE_LIMIT })
  }
  return succeed(body)
}

/**
 * Writes each UTF-16 unit outside ASCII as `\uXXXX`, which JSON reads as the same text.
 * `JSON.stringify` escapes control characters and lone surrogates itself; U+FFFE and U+FFFF, which SQS refuses, it does not.
 */
export function escapeToAscii(json: string): string {
  return json.replaceAll(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
