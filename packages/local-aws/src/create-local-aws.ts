import { createAuthorizer } from './authorization/create-authorizer.ts'
import { createFunctionRights } from './authorization/function-rights.ts'
import { createCloud, type CallableCloud } from './cloud.ts'
import { createInProcessHandler, type InProcessHandler } from './in-process.ts'
import { createEventsService } from './services/events/create-events-service.ts'
import { createIamService } from './services/iam/create-iam-service.ts'
import { createDirectQueue } from './services/lambda/direct-queue.ts'
import { createLambdaService } from './services/lambda/create-lambda-service.ts'
import { createS3Service } from './services/s3/create-s3-service.ts'
import { createSecretsManagerService } from './services/secrets-manager/create-secrets-manager-service.ts'
import { createSqsService } from './services/sqs/create-sqs-service.ts'
import { createStsService } from './services/sts/create-sts-service.ts'
import { createCallerResolver } from './services/sts/resolve-caller.ts'
import { createRoleSessionIssuer } from './services/sts/role-sessions.ts'
import { openStore, type Store } from './store.ts'
import { systemClock } from './system-clock.ts'
import type { DirectCall, Intercept } from './answer-call.ts'
import type { Clock } from './clock.ts'
import type { Observe } from './events.ts'
import type { Executor, FunctionCredentials } from './executors/executor.ts'
import type { Cloud, CloudRequest } from './http.ts'
import type { RandomBytes } from './random.ts'

export interface LocalAwsOptions {
  /** @default the system clock */
  readonly clock?: Clock
  /** Stays open: its caller closes it. @default one in memory, which `close` closes */
  readonly store?: Store
  /** Wraps the store, for example to simulate a disk that fails. @default the store itself */
  readonly wrapStore?: ((store: Store) => Store) | undefined
  /** Runs functions. @default none: an invocation fails */
  readonly makeExecutor?: (access: FunctionAccess) => Executor
  /** The cloud's address, if it listens. @default `http://cloud.internal`, which does not exist */
  readonly endpoint?: () => string
  readonly observe?: Observe
  /** Runs in place of every authorized call. */
  readonly intercept?: Intercept | undefined
  /** Calls `run` when `intercept` starts to answer differently, so that idle pollers poll again. */
  readonly onInterceptChange?: ((run: () => void) => void) | undefined
  /** @default the operating system's randomness */
  readonly random?: RandomBytes
  /** @default random UUIDs */
  readonly newId?: () => string
  /** Lifetime of a function's session, in seconds. @default 3600 */
  readonly sessionSeconds?: number
  /**
   * Whether SQS refuses, as on AWS, a second purge within 60 s, and a new queue within 60 s of the deletion of one with its
   * name.
   * @default false
   */
  readonly enforceSixtySeconds?: boolean
}

/** How functions reach the cloud. */
export interface FunctionAccess {
  readonly endpoint: () => string
  /** A session of the function's role. */
  readonly credentials: (spec: { readonly roleArn: string }) => Promise<FunctionCredentials>
  /** For functions in this process. */
  readonly requestHandler: InProcessHandler
}

/** An AWS in this process: every service, policies enforced, no socket. */
export interface LocalAws extends AsyncDisposable {
  readonly cloud: Cloud
  /** For SDK clients in this process, with any `endpoint`. */
  readonly requestHandler: InProcessHandler
  readonly clock: Clock
  readonly store: Store
  /** Names of the operations that it has, by service. */
  readonly operations: ReadonlyMap<string, readonly string[]>
  /** Starts event source mappings and schedules, and resumes accepted events. Call it when the cloud can answer. */
  start(): void
  /** Waits for running invocations, then stops everything. */
  close(): Promise<void>
}

/** Puts all services together: SQS, S3, Secrets Manager, IAM, STS, Lambda and EventBridge, of one account, on one clock and one store. */
export function createLocalAws(options: LocalAwsOptions = {}): LocalAws {
  const { clock = systemClock, endpoint = () => 'http://cloud.internal', sessionSeconds = 3600 } = options
  const database = options.store ?? openStore(':memory:')
  const store = options.wrapStore?.(database) ?? database
  const shared = { store, clock, ...(options.observe && { observe: options.observe }) }
  const random = options.random && { random: options.random }
  // Not from the seeded source: the SDK caches the signing keys of recent credentials. If two runs used the same
  // credentials, the second one would take other steps than the first.
  const issueSession = createRoleSessionIssuer({ store, clock })
  const credentials = async (roleArn: string): Promise<FunctionCredentials> =>
    issueSession({ roleArn, sessionName: 'function', seconds: sessionSeconds }).credentials
  // Lambda calls the cloud that it is part of.
  const made: { cloud?: CallableCloud } = {}
  const theCloud = (): CallableCloud => {
    if (!made.cloud) throw new Error('the cloud is not made yet')
    return made.cloud
  }
  const cloud: CallableCloud = Object.assign((request: CloudRequest) => theCloud()(request), {
    call: (call: DirectCall) => theCloud().call(call),
    answer: (call: DirectCall) => theCloud().answer(call),
  })
  const requestHandler = createInProcessHandler(cloud)
  const executor = (options.makeExecutor ?? runNothing)({
    endpoint,
    credentials: ({ roleArn }) => credentials(roleArn),
    requestHandler,
  })
  const sqs = createSqsService({ ...shared, ...random, enforceSixtySeconds: options.enforceSixtySeconds ?? false })
  const lambda = createLambdaService({
    ...shared,
    executor,
    openQueue: createDirectQueue({
      call: cloud.call,
      credentials: onceARole(credentials, clock),
      sqs,
      store,
      clock,
      onChange: options.onInterceptChange,
    }),
    rights: createFunctionRights({ store, clock }),
    ...(options.newId && { newId: options.newId }),
  })
  const events = createEventsService({
    ...shared,
    invoke: lambda.invoke,
    ...(options.newId && { newId: options.newId }),
  })
  const services = [
    sqs,
    createS3Service({ ...shared, ...random }),
    createSecretsManagerService({ store, clock, ...random }),
    createIamService({ store, clock, ...random }),
    createStsService({ store, clock }),
    lambda.service,
    events.service,
  ]
  made.cloud = createCloud({
    ...shared,
    ...(options.intercept && { intercept: options.intercept }),
    resolveCaller: createCallerResolver(store, clock),
    authorizer: createAuthorizer({ store, clock }),
    ...(options.newId && { newRequestId: options.newId }),
    services,
  })
  const close = async (): Promise<void> => {
    events.stop()
    await lambda.stop()
    await executor.close()
    if (!options.store && store.isOpen) store.close()
  }
  return {
    cloud,
    requestHandler,
    clock,
    store,
    operations: new Map(services.map(({ name, operations }) => [name, Object.keys(operations)])),
    start() {
      lambda.start()
      events.start()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function runNothing(): Executor {
  return {
    invoke: () => Promise.reject(new Error('This cloud was made without an executor: it runs no function.')),
    retire: () => undefined,
    close: async () => undefined,
  }
}

type Issue = (roleArn: string) => Promise<FunctionCredentials>

/** Reuses a role's session until shortly before it expires. */
function onceARole(issue: Issue, clock: Clock): Issue {
  const known = new Map<string, FunctionCredentials>()
  return async (roleArn) => {
    const session = known.get(roleArn)
    if (session && (session.expiration ?? Number.POSITIVE_INFINITY) - RENEWED_MS > clock.now()) return session
    const fresh = await issue(roleArn)
    known.set(roleArn, fresh)
    return fresh
  }
}

const RENEWED_MS = 300_000
