import type { DeliveryOutcome, EffectSink, Ticket, TicketSink } from 'ticket-core'
import type { AwsFailure } from '../aws/read-failure.ts'
import { sleep } from '../clock/sleep.ts'
import { type Bucket, describeS3Failure, putObject } from './object-calls.ts'

/** Milliseconds. A retry is safe here: the same key is never written twice. */
const ONE_CALL = 5000
const PAUSE = 200
const TRIES = 3

/**
 * Low priority: the ticket as a JSON object under a key of its own, `If-None-Match: *`. If the key exists, an earlier
 * attempt wrote it: nothing is written twice.
 */
export function createBucketSink(bucket: Bucket): TicketSink & EffectSink {
  const { clock } = bucket
  return {
    async deliver({ ticket, deadline }) {
      const key = ticketKey(ticket)
      const text = `${JSON.stringify(ticket, null, 2)}\n`
      const receipt = { destination: 'bucket', where: key, vendorId: key } as const
      let unclear: DeliveryOutcome | undefined
      for (let tries = 1; ; tries += 1) {
        const callDeadline = Math.min(deadline, clock.monotonic() + ONE_CALL)
        const put = await putObject(bucket, { key, text, expected: 'absent', deadline: callDeadline })
        if (put.kind === 'put') return { kind: 'delivered', receipt }
        if (put.failure.kind === 'refused' && put.failure.status === 412)
          return { kind: 'delivered', receipt: { ...receipt, found: true } }
        const outcome = outcomeOf(put.failure)
        if (outcome.kind === 'unknown') unclear = outcome
        if (outcome.kind === 'rejected' || tries >= TRIES || clock.monotonic() + PAUSE >= deadline)
          return unclear ?? outcome
        await sleep(clock, PAUSE)
      }
    },
    // A ticket in the bucket stays as it was reported. What happened to it since is in its case.
    note: async ({ receipt }) => ({ kind: 'delivered', receipt }),
    sync: async ({ receipt }) => ({ kind: 'delivered', receipt }),
  }
}

function outcomeOf(failure: AwsFailure): DeliveryOutcome {
  const code = `s3-${failure.name}`
  const reason = describeS3Failure(failure)
  if (failure.kind === 'no-answer')
    return { kind: 'unknown', code, reason, ...(failure.status !== undefined && { vendorDown: true }) }
  if (failure.kind === 'not-sent') return { kind: 'retry', code, reason, vendorDown: true }
  // A role that was just made, or a bucket, can take a while to be seen everywhere: the ticket itself is fine.
  const environment = failure.throttled || [301, 307, 403, 404].includes(failure.status)
  if (environment) return { kind: 'retry', code, reason, vendorDown: true }
  if (failure.status === 409) return { kind: 'retry', code, reason }
  return { kind: 'rejected', code, reason }
}

const LONGEST_SLUG = 60

/**
 * `tickets/2026/11/23/140322-login-page-is-blank-T-7QK2M-9XD4R.json`: a function of the ticket alone, so that every
 * try writes to the same place. Of the user's text only a-z, 0-9 and single hyphens remain.
 */
export function ticketKey({ id, title, createdAt }: Pick<Ticket, 'id' | 'title' | 'createdAt'>): string {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(normalise(createdAt)) ?? []
  return `tickets/${year}/${month}/${day}/${hour}${minute}${second}-${slug(title)}-${slugId(id)}.json`
}

/** The time in UTC; one that cannot be read sorts first. */
function normalise(createdAt: string): string {
  const at = Date.parse(createdAt)
  return new Date(Number.isNaN(at) ? 0 : at).toISOString()
}

function slug(title: string): string {
  const ascii = title
    .slice(0, LONGEST_SLUG * 4)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
  return ascii.slice(0, LONGEST_SLUG).replaceAll(/^-+|-+$/g, '') || 'ticket'
}

function slugId(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]/g, '')
}
