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
  /** Doing it twice, or late, does no harm. */
  const mark = async (send: (abortSignal: AbortSignal) => Promise<unknown>): Promise<Marked> => {
    const deadline = clock.monotonic() + timeoutMs
    for (let pause = PAUSE; ; pause *= 2) {
      const done = await withDeadline(clock, Math.min(deadline, clock.monotonic() + ONE_CALL), send)
      if (done.kind === 'done') return { kind: 'done' }
      const failure = readAwsFailure(done)
      if (isThere(failure)) return { kind: 'done' }
      if (!isWorthAnother(failure) || clock.monotonic() + pause >= deadline) return unavailable(failure)
      await sleep(clock, pause)
    }
  }

  return {
    put(Key) {
      // The bucket refuses a write without a condition. No body: the SDK warns of an empty text.
      const command = new PutObjectCommand({ Bucket, Key, ContentLength: 0, IfNoneMatch: '*' })
      return mark((abortSignal) => client.send(command, { abortSignal }))
    },
    remove(Key) {
      const command = new DeleteObjectCommand({ Bucket, Key })
      return mark((abortSignal) => client.send(command, { abortSignal }))
    },
    async list(Prefix, { limit, after }) {
      const from = after === undefined ? {} : { StartAfter: after }
      const command = new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: limit, ...from })
      const deadline = clock.monotonic() + timeoutMs
      const listed = await withDeadline(clock, deadline, (abortSignal) => client.send(command, { abortSignal }))
      if (listed.kind !== 'done') return unavailable(readAwsFailure(listed))
      const { Contents = [], IsTruncated = false } = listed.value
      return { kind: 'page', keys: Contents.map(({ Key = '' }) => Key), isLast: !IsTruncated }
    },
  }
}

/** The condition of the put: the marker is there already. */
function isThere(failure: AwsFailure): boolean {
  return failure.kind === 'refused' && failure.status === 412
}

/** 409: another writer was at work on the same key. */
function isWorthAnother(failure: AwsFailure): boolean {
  return failure.kind !== 'refused' || failure.throttled || failure.status === 409
}

function unavailable(failure: AwsFailure): { readonly kind: 'unavailable'; readonly reason: string } {
  return { kind: 'unavailable', reason: describeS3Failure(failure) }
}
