import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  createAuthorizer,
  createCallerResolver,
  createCloud,
  createIamService,
  createInProcessHandler,
  createLambdaService,
  createOpenQueue,
  createRoleSessionIssuer,
  createS3Service,
  createSecretsManagerService,
  createSqsService,
  createStsService,
  listen,
  openStore,
} from '@ticketing/local-aws'
import type { Cloud, CloudEvent, Executor, ProcessExecutorOptions, RoleSessionIssuer } from '@ticketing/local-aws'
import type { Clock } from 'ticket-core'
import { AddressInUse } from './address-in-use.ts'
import type { CloudUnderTest } from './external-cloud.ts'

export interface EmbeddedCloudOptions {
  readonly clock: Clock
  /** Where the store lives; absent: in memory, gone when it closes. */
  readonly directory?: string | undefined
  /** 0 takes a free one. */
  readonly port: number
  readonly observe: (event: CloudEvent) => void
  /** How functions run; told where the cloud listens and how a role's session is had. */
  readonly makeExecutor: (world: { endpoint: () => string; credentials: Credentials }) => Executor
}

export type EmbeddedCloud = CloudUnderTest

/** Every service behind one address on this machine. */
export async function startEmbeddedCloud(options: EmbeddedCloudOptions): Promise<EmbeddedCloud> {
  const { clock, directory, observe } = options
  if (directory !== undefined) mkdirSync(directory, { recursive: true })
  const store = openStore(directory === undefined ? ':memory:' : join(directory, 'cloud.sqlite'))
  const issueSession = createRoleSessionIssuer({ store, clock })
  let endpoint = ''
  const executor = options.makeExecutor({
    endpoint: () => endpoint,
    credentials: ({ roleArn }) => roleCredentials(issueSession, roleArn),
  })
  const inProcess: { cloud?: Cloud } = {}
  const answer: Cloud = (request) => {
    if (!inProcess.cloud) throw new Error('the cloud is not made yet')
    return inProcess.cloud(request)
  }
  const requestHandler = createInProcessHandler(answer)
  const openQueue = createOpenQueue({
    requestHandler,
    credentials: (roleArn) => roleCredentials(issueSession, roleArn),
  })
  const lambda = createLambdaService({ store, clock, executor, observe, openQueue })
  const cloud = createCloud({
    clock,
    observe,
    resolveCaller: createCallerResolver(store, clock),
    authorizer: createAuthorizer({ store, clock }),
    services: [
      createSqsService({ store, clock, observe }),
      createS3Service({ store, clock, observe }),
      createSecretsManagerService({ store, clock }),
      createIamService({ store, clock }),
      createStsService({ store, clock }),
      lambda.service,
    ],
  })
  inProcess.cloud = cloud
  const listening = await listen({ cloud, port: options.port })
  if (!listening.ok) {
    store.close()
    throw new AddressInUse('cloud', listening.failure.port)
  }
  endpoint = listening.listener.url
  lambda.start()
  return {
    endpoint,
    aws: {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler,
    },
    async close() {
      await lambda.stop()
      await executor.close()
      await listening.listener.close()
      store.close()
    },
  }
}

type Credentials = NonNullable<ProcessExecutorOptions['credentials']>

/** Seconds; a function's process ends before its credentials do. */
const SESSION_SECONDS = 3600

/** A session of a function's role, as Lambda gives it. */
async function roleCredentials(issue: RoleSessionIssuer, roleArn: string): ReturnType<Credentials> {
  return issue({ roleArn, sessionName: 'function', seconds: SESSION_SECONDS }).credentials
}
