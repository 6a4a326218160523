import { IAMClient } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { AwsError, createLocalAws } from '@ticketing/local-aws'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import type { Clock } from 'ticket-core'
import type { StackClients, StackDescription } from '../src/index.ts'

const ACCOUNT = '000000000000'

/** Five hundred times as fast as the wall clock: a wait of one minute takes an eighth of a second. */
export const fastClock: Clock = {
  now: () => performance.timeOrigin + performance.now() * 500,
  monotonic: () => performance.now() * 500,
  after(ms, run) {
    const timer = setTimeout(run, ms / 500)
    return () => clearTimeout(timer)
  },
}

export interface TestAccount {
  readonly clients: StackClients
  /** `service:Operation` of every call so far, in order. */
  readonly calls: string[]
  /** The next call of this operation gets this error instead of its answer. */
  failNext(operation: string, code: string, message?: string): void
}

/** An empty AWS account in this process, without a socket, gone when the test is over. Its functions are never run. */
export function startAccount(): TestAccount {
  const clock = fastClock
  const calls: string[] = []
  const failures: { operation: string; code: string; message: string }[] = []
  const aws = createLocalAws({
    clock,
    intercept: async ({ service, operation, caller }, _input, run) => {
      // Event source mappings call with the functions' roles.
      if (caller.roleName !== undefined) return run()
      calls.push(`${service}:${operation}`)
      const index = failures.findIndex((failure) => failure.operation === operation)
      const [failure] = index < 0 ? [] : failures.splice(index, 1)
      if (failure) throw new AwsError(failure.code, failure.message)
      return run()
    },
  })
  const settings = {
    endpoint: 'http://cloud.internal',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: aws.requestHandler,
    maxAttempts: 1,
  }
  onTestFinished(() => aws.close())
  return {
    clients: {
      sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
      s3: new S3Client({ ...settings, forcePathStyle: true }),
      lambda: new LambdaClient(settings),
      iam: new IAMClient(settings),
      sts: new STSClient(settings),
      secretsManager: new SecretsManagerClient(settings),
    },
    calls,
    failNext: (operation, code, message = code) => failures.push({ operation, code, message }),
  }
}

/** A function's code that differs only by this text. */
export function codeOf(text: string): { zip: Uint8Array; handler: string } {
  const source = strToU8(`export const handler = async () => ${JSON.stringify(text)}\n`)
  return { zip: zipSync({ 'index.mjs': source }, { mtime: '2026-01-01' }), handler: 'index.handler' }
}

/** The description of all tests; each test changes one thing of it. */
export function description(changes: Partial<StackDescription> = {}): StackDescription {
  const code = codeOf('first')
  return {
    prefix: 'acme',
    region: 'us-east-1',
    accountId: ACCOUNT,
    secretId: 'ticketing-app',
    secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:ticketing-app-AbCdEf',
    functions: { low: code, medium: code, high: code, events: code, dead: code },
    ...changes,
  }
}
