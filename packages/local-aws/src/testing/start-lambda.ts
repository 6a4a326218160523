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
import { createCloud, type CallableCloud } from '../cloud.ts'
import type { Intercept } from '../answer-call.ts'
import type { CloudEvent } from '../events.ts'
import { createProcessExecutor } from '../executors/process.ts'
import type { Executor } from '../executors/executor.ts'
import { createInProcessHandler } from '../in-process.ts'
import type { Cloud, CloudRequest } from '../http.ts'
import { createIamService } from '../services/iam/create-iam-service.ts'
import { createDirectQueue } from '../services/lambda/direct-queue.ts'
import { createLambdaService, type LambdaService } from '../services/lambda/create-lambda-service.ts'
import { createSqsService } from '../services/sqs/create-sqs-service.ts'
import { openStore } from '../store.ts'
import { systemClock } from '../system-clock.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/worker'

const KEYS = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }
const credentials = async (): Promise<typeof KEYS> => KEYS

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

export interface TestLambdaOptions {
  /** Where the store is. @default in memory */
  readonly path?: string
  readonly executor?: Executor
  readonly clock?: Clock
  /** What stands between mappings and their queues. */
  readonly direct?: { readonly intercept?: Intercept; readonly onChange?: (run: () => void) => void }
}

/** Lambda and SQS with real SDK clients and no socket. Ends with the test. */
export function startLambda(options: TestLambdaOptions = {}): TestLambda {
  const { clock = systemClock, direct } = options
  const directory = mkdtempSync(join(tmpdir(), 'local-aws-'))
  const store = openStore(options.path ?? ':memory:')
  const events: CloudEvent[] = []
  const watchers = new Set<() => void>()
  const observe = (event: CloudEvent): void => {
    events.push(event)
    for (const watch of watchers) watch()
  }
  const late: { cloud?: CallableCloud } = {}
  const theCloud = (): CallableCloud => {
    if (!late.cloud) throw new Error('the cloud is not made yet')
    return late.cloud
  }
  const cloud = (request: CloudRequest): ReturnType<Cloud> => theCloud()(request)
  const requestHandler = createInProcessHandler(cloud)
  const executor =
    options.executor ??
    createProcessExecutor({ clock: systemClock, endpoint: () => 'http://127.0.0.1:4566', directory })
  const shared = { store, clock }
  const sqs = createSqsService({ ...shared, observe })
  const service = createLambdaService({
    store,
    clock,
    executor,
    observe,
    // The roles of these tests are names only.
    rights: { ...createFunctionRights({ store, clock }), mayAssume: () => true, lacks: () => undefined },
    openQueue: createDirectQueue({ ...shared, ...direct, sqs, credentials, call: (call) => theCloud().call(call) }),
  })
  late.cloud = createCloud({
    clock,
    ...(direct?.intercept && { intercept: direct.intercept }),
    services: [sqs, createIamService(shared), service.service],
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
