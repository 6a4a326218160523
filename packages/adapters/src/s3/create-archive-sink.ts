import type { DeliveryOutcome, EffectSink, TicketSink } from 'ticket-core'
import type { AwsFailure } from '../aws/read-failure.ts'
import { sleep } from '../clock/sleep.ts'
import { archiveKey } from './archive-key.ts'
import { describeS3Failure, putObject, type Bucket } from './object-calls.ts'

/** Milliseconds. A retry is safe here: the same key is never written twice. */
const ONE_CALL = 5000
const PAUSE = 200
const TRIES = 3

/**
 * Low priority: the ticket as a JSON object under a key of its own, `If-None-Match: *`. If the key exists, an earlier
 * attempt wrote it: nothing is written twice.
 */
export function createArchiveSink(bucket: Bucket): TicketSink & EffectSink {
  const { clock } = bucket
  return {
    async deliver({ ticket, deadline }) {
      const key = archiveKey(ticket)
      const text = `${JSON.stringify(ticket, null, 2)}\n`
      const receipt = { destination: 'archive', where: key, vendorId: key } as const
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
    // An archived ticket stays as it was reported. What happened to it since is in its case.
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
