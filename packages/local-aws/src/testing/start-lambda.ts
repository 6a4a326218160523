import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import { createFunctionRights } from '../authorization/function-rights.ts'
import type { Clock } from '../clock.ts'
import { createCloud } from '../cloud.ts'
import type { CloudEvent } from '../events.ts'
import { createProcessExecutor } from '../executors/process.ts'
import type { Executor } from '../executors/executor.ts'
import { createInProcessHandler } from '../in-process.ts'
import type { Cloud, CloudRequest } from '../http.ts'
import { createIamService } from '../services/iam/create-iam-service.ts'
import { createLambdaService } from '../services/lambda/create-lambda-service.ts'
import type { LambdaService } from '../services/lambda/create-lambda-service.ts'
import { createOpenQueue } from '../services/lambda/open-queue.ts'
import { createSqsService } from '../services/sqs/create-sqs-service.ts'
import { openStore } from '../store.ts'
import { systemClock } from '../system-clock.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/worker'

const KEYS = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }

/** A zip with one file; the same source gives the same bytes. */
export function zipOf(source: string, file = 'index.mjs'): Uint8Array {
  return zipSync({ [file]: strToU8(source) }, { mtime: new Date('2026-01-01T00:00:00Z') })
}

export interface TestLambda {
  readonly lambda: LambdaClient
  readonly sqs: SQSClient
  readonly iam: IAMClient
  readonly cloud: Cloud
  readonly service: LambdaService
  readonly events: readonly CloudEvent[]
  /** The first event, past or to come, that passes. */
  seen(isIt: (event: CloudEvent) => boolean): Promise<CloudEvent>
  /** Ends all of it; done by itself when the test is over. */
  stop(): Promise<void>
}

/** Lambda and SQS with real SDK clients and no socket; on the store at `path`, or in memory. Ends with the test. */
export function startLambda(options: { path?: string; executor?: Executor; clock?: Clock } = {}): TestLambda {
  const { clock = systemClock } = options
  const directory = mkdtempSync(join(tmpdir(), 'local-aws-'))
  const store = openStore(options.path ?? ':memory:')
  const events: CloudEvent[] = []
  const watchers = new Set<() => void>()
  const observe = (event: CloudEvent): void => {
    events.push(event)
    for (const watch of watchers) watch()
  }
  const late: { cloud?: Cloud } = {}
  const cloud = (request: CloudRequest): ReturnType<Cloud> => {
    if (!late.cloud) throw new Error('the cloud is not made yet')
    return late.cloud(request)
  }
  const requestHandler = createInProcessHandler(cloud)
  const executor =
    options.executor ??
    createProcessExecutor({ clock: systemClock, endpoint: () => 'http://127.0.0.1:4566', directory })
  const service = createLambdaService({
    store,
    clock,
    executor,
    observe,
    // The roles of these tests are names only.
    rights: { ...createFunctionRights({ store, clock }), mayAssume: () => true, lacks: () => undefined },
    openQueue: createOpenQueue({ requestHandler, credentials: async () => KEYS }),
  })
  const shared = { store, clock }
  late.cloud = createCloud({
    clock,
    services: [createSqsService({ ...shared, observe }), createIamService(shared), service.service],
  })
  const settings = {
    region: 'us-east-1',
    endpoint: 'http://cloud.test:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler,
    maxAttempts: 1,
  }
  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await service.stop()
    await executor.close()
    store.close()
    rmSync(directory, { recursive: true, force: true })
  }
  const stop = (): Promise<void> => (stopped ??= end())
  onTestFinished(stop)
  service.start()
  return {
    lambda: new LambdaClient(settings),
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    iam: new IAMClient(settings),
    cloud,
    service,
    events,
    seen: (isIt) =>
      new Promise((resolve) => {
        const watch = (): void => {
          const event = events.find(isIt)
          if (!event) return
          watchers.delete(watch)
          resolve(event)
        }
        watchers.add(watch)
        watch()
      }),
    stop,
  }
}
