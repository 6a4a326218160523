import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { STSClient } from '@aws-sdk/client-sts'
import { createLocalAws } from '../create-local-aws.ts'
import type { CloudEvent } from '../events.ts'
import type { RandomBytes } from '../random.ts'
import { openStore } from '../store.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'

/** What a client may vary: where it thinks it is and who it is. */
interface ClientOptions {
  readonly region?: string
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}

/** S3, Secrets Manager, IAM and STS of one account, with clients that need no socket. */
export interface TestAccount {
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
const START = 1_795_514_400_000

/** Starts them in memory, or on the store at `path`; `random` makes ids repeat. */
export function startAccount(options: { readonly path?: string; readonly random?: RandomBytes } = {}): TestAccount {
  const clock = createManualClock(START)
  const store = openStore(options.path ?? ':memory:')
  const events: CloudEvent[] = []
  const { requestHandler } = createLocalAws({
    clock,
    store,
    observe: (event) => {
      if (event.source !== 'cloud') events.push(event)
    },
    ...(options.random && { random: options.random }),
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

/** How a call failed, as the SDK tells it. */
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
