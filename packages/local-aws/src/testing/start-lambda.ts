import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SQSClient } from '@aws-sdk/client-sqs'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import { createLocalAws, type LocalAws, type LocalAwsOptions } from '../create-local-aws.ts'
import type { CloudEvent } from '../events.ts'
import { createProcessExecutor } from '../executors/process.ts'
import { openStore } from '../store.ts'
import { systemClock } from '../system-clock.ts'
import { documentOf } from './start-guarded-account.ts'

export const ROLE = 'arn:aws:iam::000000000000:role/worker'

/** A zip with one file; the same source gives the same bytes. */
export function zipOf(source: string, file = 'index.mjs'): Uint8Array {
  return zipSync({ [file]: strToU8(source) }, { mtime: new Date('2026-01-01T00:00:00Z') })
}

export interface TestLambda extends Pick<LocalAws, 'cloud'> {
  readonly lambda: LambdaClient
  readonly sqs: SQSClient
  readonly iam: IAMClient
  readonly eventBridge: EventBridgeClient
  readonly events: readonly CloudEvent[]
  /** The first event, past or future, for which `matches` holds. */
  seen(matches: (event: CloudEvent) => boolean): Promise<CloudEvent>
  /** Stops functions and pollers; calls are still answered. */
  stopFunctions(): Promise<void>
  /** Closes all of it; the end of the test does this, too. */
  stop(): Promise<void>
}

export interface TestLambdaOptions extends Pick<
  LocalAwsOptions,
  'clock' | 'makeExecutor' | 'intercept' | 'onInterceptChange'
> {
  /** Where the store is. @default in memory */
  readonly path?: string
}

/** Lambda and SQS with real SDK clients and no socket, and the role {@link ROLE}, which may do all. Ends with the test. */
export async function startLambda({ path, ...options }: TestLambdaOptions = {}): Promise<TestLambda> {
  const directory = mkdtempSync(join(tmpdir(), 'local-aws-'))
  const store = openStore(path ?? ':memory:')
  const events: CloudEvent[] = []
  const watchers = new Set<() => void>()
  const aws = createLocalAws({
    makeExecutor: (access) => createProcessExecutor({ clock: systemClock, directory, ...access }),
    ...options,
    store,
    observe(event) {
      events.push(event)
      for (const watch of watchers) watch()
    },
  })
  const settings = {
    region: 'us-east-1',
    endpoint: 'http://cloud.test:4566',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: aws.requestHandler,
    maxAttempts: 1,
  }
  const iam = new IAMClient(settings)
  let stopped: Promise<void> | undefined
  const end = async (): Promise<void> => {
    await aws.close()
    store.close()
    rmSync(directory, { recursive: true, force: true })
  }
  const stop = (): Promise<void> => (stopped ??= end())
  onTestFinished(stop)
  await makeRole(iam)
  aws.start()
  return {
    lambda: new LambdaClient(settings),
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    iam,
    eventBridge: new EventBridgeClient(settings),
    cloud: aws.cloud,
    events,
    seen: (matches) =>
      new Promise((resolve) => {
        const watch = (): void => {
          const event = events.find(matches)
          if (!event) return
          watchers.delete(watch)
          resolve(event)
        }
        watchers.add(watch)
        watch()
      }),
    stopFunctions: () => aws.close(),
    stop,
  }
}

/** Creates the role unless the store has it already. */
async function makeRole(iam: IAMClient): Promise<void> {
  const RoleName = 'worker'
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const all = { Effect: 'Allow', Action: '*', Resource: '*' }
  try {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: documentOf([trust]) }))
  } catch (error) {
    if (error instanceof Error && error.name === 'EntityAlreadyExistsException') return
    throw error
  }
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: documentOf([all]) }))
}
