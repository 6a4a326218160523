import {
  createAuthorizer,
  createCallerResolver,
  createCloud,
  createDirectQueue,
  createFunctionRights,
  createIamService,
  createInProcessHandler,
  createLambdaService,
  createRoleSessionIssuer,
  createS3Service,
  createSecretsManagerService,
  createSqsService,
  createStsService,
} from '@ticketing/local-aws'
import type {
  CallableCloud,
  Cloud,
  CloudEvent,
  DirectCall,
  Executor,
  InProcessHandler,
  Intercept,
  ProcessExecutorOptions,
  Store,
} from '@ticketing/local-aws'
import type { Clock } from 'ticket-core'
import type { Chance } from './chance.ts'

export interface ComposeOptions {
  readonly clock: Clock
  readonly store: Store
  readonly observe: (event: CloudEvent) => void
  readonly intercept?: Intercept | undefined
  /** Where the cloud listens, or an address that nobody listens at. */
  readonly endpoint: () => string
  /** How functions run; told where the cloud listens and how a role's session is had. */
  readonly makeExecutor: (world: { endpoint: () => string; credentials: Credentials }) => Executor
  /** Where ids come from. @default the operating system's randomness */
  readonly chance?: Chance
  /** Calls `run` whenever `intercept` has changed its mind: pollers that wait for messages ask again. */
  readonly onInterceptChange?: ((run: () => void) => void) | undefined
  /** Seconds that a session of a role lasts. @default 3600 */
  readonly sessionSeconds?: number
}

/** Every service behind one function, and Lambda at work. */
export interface ComposedCloud {
  readonly cloud: Cloud
  /** For clients in this process. */
  readonly requestHandler: InProcessHandler
  /** Takes up event source mappings: once the cloud answers. */
  start(): void
  close(): Promise<void>
}

export type Credentials = NonNullable<ProcessExecutorOptions['credentials']>

/** Puts the services together. The store is the caller's: it closes it. */
export function composeCloud(options: ComposeOptions): ComposedCloud {
  const { clock, store, observe, chance, sessionSeconds = 3600 } = options
  const random = chance && { random: chance.bytes }
  // Not by chance with a seed: the SDK keeps the signing keys of a process's latest credentials, and takes more steps for
  // new ones. Were these ever the same, a run would depend on those before it.
  const issueSession = createRoleSessionIssuer({ store, clock })
  const credentials = async (roleArn: string): ReturnType<Credentials> =>
    issueSession({ roleArn, sessionName: 'function', seconds: sessionSeconds }).credentials
  const executor = options.makeExecutor({
    endpoint: options.endpoint,
    credentials: ({ roleArn }) => credentials(roleArn),
  })
  const made: { cloud?: CallableCloud } = {}
  const theCloud = (): CallableCloud => {
    if (!made.cloud) throw new Error('the cloud is not made yet')
    return made.cloud
  }
  const cloud: Cloud = (request) => theCloud()(request)
  const requestHandler = createInProcessHandler(
    Object.assign(cloud, {
      call: (call: DirectCall) => theCloud().call(call),
      answer: (call: DirectCall) => theCloud().answer(call),
    }),
  )
  const sqs = createSqsService({ store, clock, observe, ...random })
  const openQueue = createDirectQueue({
    call: (call) => theCloud().call(call),
    credentials: onceARole(credentials, clock),
    sqs,
    store,
    clock,
    onChange: options.onInterceptChange,
  })
  const newId = chance && { newId: chance.uuid }
  const lambda = createLambdaService({
    store,
    clock,
    executor,
    observe,
    openQueue,
    rights: createFunctionRights({ store, clock }),
    ...newId,
  })
  made.cloud = createCloud({
    clock,
    observe,
    ...(options.intercept && { intercept: options.intercept }),
    resolveCaller: createCallerResolver(store, clock),
    authorizer: createAuthorizer({ store, clock }),
    ...(chance && { newRequestId: chance.uuid }),
    services: [
      sqs,
      createS3Service({ store, clock, observe, ...random }),
      createSecretsManagerService({ store, clock, ...random }),
      createIamService({ store, clock, ...random }),
      createStsService({ store, clock }),
      lambda.service,
    ],
  })
  return {
    cloud,
    requestHandler,
    start: () => lambda.start(),
    async close() {
      await lambda.stop()
      await executor.close()
    },
  }
}

/** A session of a role serves until shortly before its end. */
function onceARole(issue: (roleArn: string) => ReturnType<Credentials>, clock: Clock): typeof issue {
  const known = new Map<string, Awaited<ReturnType<Credentials>>>()
  return async (roleArn) => {
    const session = known.get(roleArn)
    if (session && (session.expiration ?? Number.POSITIVE_INFINITY) - RENEWED_MS > clock.now()) return session
    const fresh = await issue(roleArn)
    known.set(roleArn, fresh)
    return fresh
  }
}

const RENEWED_MS = 300_000
