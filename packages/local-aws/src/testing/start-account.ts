import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { createLocalAws, type LocalAwsOptions } from '../create-local-aws.ts'
import type { CloudEvent } from '../events.ts'
import type { Cloud } from '../http.ts'
import { openStore } from '../store.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'

/** A client's region and credentials. */
interface ClientOptions {
  readonly region?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}

/** An account on a clock that the test moves, with clients that need no socket. It runs no functions. */
export interface TestAccount {
  readonly cloud: Cloud
  readonly sqs: SQSClient
  readonly s3: S3Client
  readonly secrets: SecretsManagerClient
  readonly iam: IAMClient
  readonly sts: STSClient
  readonly clock: ManualClock
  readonly events: CloudEvent[]
  readonly s3As: (options: ClientOptions) => S3Client
  readonly secretsAs: (options: ClientOptions) => SecretsManagerClient
  readonly stsAs: (options: ClientOptions) => STSClient
  [Symbol.dispose](): void
}

/** 2026-11-24T10:00:00Z */
export const START = 1_795_514_400_000

interface AccountOptions extends Pick<LocalAwsOptions, 'random' | 'enforceSixtySeconds'> {
  /** Where the store is. @default in memory */
  readonly path?: string
}

export function startAccount({ path = ':memory:', ...options }: AccountOptions = {}): TestAccount {
  const clock = createManualClock(START)
  const store = openStore(path)
  const events: CloudEvent[] = []
  const { cloud, requestHandler } = createLocalAws({
    ...options,
    clock,
    store,
    observe: (event) => void events.push(event),
  })
  const settings = ({ region = 'us-east-1', credentials }: ClientOptions) => ({
    region,
    endpoint: 'http://cloud.test:4566',
    credentials: credentials ?? { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler,
    maxAttempts: 1,
  })
  const s3As = (client: ClientOptions): S3Client => new S3Client({ ...settings(client), forcePathStyle: true })
  const secretsAs = (client: ClientOptions): SecretsManagerClient => new SecretsManagerClient(settings(client))
  const stsAs = (client: ClientOptions): STSClient => new STSClient(settings(client))
  return {
    cloud,
    sqs: new SQSClient(settings({})),
    s3: s3As({}),
    secrets: secretsAs({}),
    iam: new IAMClient(settings({})),
    sts: stsAs({}),
    clock,
    events,
    s3As,
    secretsAs,
    stsAs,
    [Symbol.dispose]: () => store.close(),
  }
}

/** The error of a call, as the SDK throws it. */
export interface Failed {
  readonly name: string
  readonly message: string
  readonly status: number | undefined
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<Failed> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { name: error.name, message: error.message, status: statusOf(error) }
  }
  throw new Error('the call succeeded, and should not have')
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
