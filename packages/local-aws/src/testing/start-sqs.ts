import { SQSClient } from '@aws-sdk/client-sqs'
import { createCloud } from '../cloud.ts'
import { createInProcessHandler } from '../in-process.ts'
import { createSqsService, type SqsOptions } from '../services/sqs/create-sqs-service.ts'
import { openStore, type Store } from '../store.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import type { CloudEvent } from '../events.ts'
import type { Cloud } from '../http.ts'

/** SQS alone, in memory unless told otherwise, on a clock that the test moves, with a client that needs no socket. */
export interface TestSqs {
  readonly sqs: SQSClient
  readonly cloud: Cloud
  readonly clock: ManualClock
  readonly store: Store
  readonly events: CloudEvent[]
  [Symbol.dispose](): void
}

/** 2026-11-24T10:00:00Z */
export const testStart = 1_795_514_400_000

export function startSqs(options: Partial<SqsOptions> & { readonly clock?: ManualClock } = {}): TestSqs {
  const clock = options.clock ?? createManualClock(testStart)
  const store = options.store ?? openStore(':memory:')
  const events: CloudEvent[] = []
  const observe = (event: CloudEvent): void => void events.push(event)
  const cloud = createCloud({ clock, services: [createSqsService({ ...options, store, clock, observe })], observe })
  const sqs = new SQSClient({
    region: 'us-east-1',
    endpoint: 'http://cloud.test:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: createInProcessHandler(cloud),
    maxAttempts: 1,
  })
  return {
    sqs,
    cloud,
    clock,
    store,
    events,
    [Symbol.dispose]() {
      sqs.destroy()
      if (options.store === undefined) store.close()
    },
  }
}
