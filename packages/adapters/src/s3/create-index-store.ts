import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import type { IndexStore, Marked } from 'ticket-core'
import { type AwsFailure, readAwsFailure } from '../aws/read-failure.ts'
import { sleep } from '../clock/sleep.ts'
import { withDeadline } from '../clock/with-deadline.ts'
import type { StoreSettings } from './create-ledger.ts'
import { describeS3Failure } from './object-calls.ts'

/** Milliseconds for one call, so that a hung one leaves time for a second. */
const ONE_CALL = 2000
const PAUSE = 100

/** The index of cases in the bucket: empty objects. `timeoutMs` is for one operation with its tries. */
export function createIndexStore({ client, bucket: Bucket, clock, timeoutMs = 4500 }: StoreSettings): IndexStore {
  const call = async (
    deadline: number,
    send: (abortSignal: AbortSignal) => Promise<unknown>,
  ): Promise<AwsFailure | 'done'> => {
    const until = Math.min(deadline, clock.monotonic() + ONE_CALL)
    const done = await withDeadline(clock, until, send)
    return done.kind === 'done' ? 'done' : readAwsFailure(done)
  }

  return {
    async put(Key) {
      const deadline = clock.monotonic() + timeoutMs
      // The bucket refuses a write without a condition.
      const command = new PutObjectCommand({ Bucket, Key, ContentLength: 0, IfNoneMatch: '*' })
      for (let pause = PAUSE; ; pause *= 2) {
        const failure = await call(deadline, (abortSignal) => client.send(command, { abortSignal }))
        if (failure === 'done' || isThere(failure)) return DONE
        if (!isWorthAnother(failure) || clock.monotonic() + pause >= deadline) return unavailable(failure)
        await sleep(clock, pause)
      }
    },

    /** A second try could take away what another writer put after the first one: only a call that did nothing is repeated. */
    async remove(Key) {
      const deadline = clock.monotonic() + timeoutMs
      const command = new DeleteObjectCommand({ Bucket, Key })
      for (let pause = PAUSE; ; pause *= 2) {
        const failure = await call(deadline, (abortSignal) => client.send(command, { abortSignal }))
        if (failure === 'done') return DONE
        const isCertain = failure.kind !== 'no-answer'
        if (!isCertain || !isWorthAnother(failure) || clock.monotonic() + pause >= deadline) return unavailable(failure)
        await sleep(clock, pause)
      }
    },

    async list(Prefix, { limit, after }) {
      const command = new ListObjectsV2Command({
        Bucket,
        Prefix,
        MaxKeys: limit,
        ...(after !== undefined && { StartAfter: after }),
      })
      const deadline = clock.monotonic() + timeoutMs
      const listed = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
      if (listed.kind !== 'done') return unavailable(readAwsFailure(listed))
      const { Contents = [], IsTruncated = false } = listed.value
      return { kind: 'page', keys: Contents.map(({ Key = '' }) => Key), isLast: !IsTruncated }
    },
  }
}

const DONE: Marked = { kind: 'done' }

/** The condition of the put: the marker is there already. */
function isThere(failure: AwsFailure): boolean {
  return failure.kind === 'refused' && failure.status === 412
}

/** 409: another writer was at work on the same key. */
function isWorthAnother(failure: AwsFailure): boolean {
  return failure.kind !== 'refused' || failure.throttled || failure.status === 409
}

function unavailable(failure: AwsFailure): Extract<Marked, { readonly kind: 'unavailable' }> {
  return { kind: 'unavailable', reason: describeS3Failure(failure) }
}
