export { createLocalAws } from './create-local-aws.ts'
export type { FunctionAccess, LocalAws, LocalAwsOptions } from './create-local-aws.ts'
export { ListenFailed, startLocalAws } from './start-local-aws.ts'
export type { ListeningAws, StartOptions } from './start-local-aws.ts'
export type { DirectCall, Intercept } from './answer-call.ts'
export type { CallableCloud } from './cloud.ts'
export type { Clock } from './clock.ts'
export type { CloudEvent, Observe } from './events.ts'
export type { Cloud, CloudRequest, CloudResponse } from './http.ts'
export { useInProcessTransport } from './use-in-process-transport.ts'
export type { SdkClient } from './use-in-process-transport.ts'
export { createInProcessHandler } from './in-process.ts'
export type { InProcessHandler, UnsentCall } from './in-process.ts'
export { listen, urlOf } from './listen.ts'
export type { Listener, ListenFailure, Listening, ListenOptions } from './listen.ts'
export { findForeignRequest } from './foreign-request.ts'
export { readBody } from './read-body.ts'
export type { ForeignRequest, RequestHead } from './foreign-request.ts'
export { AwsError, ConnectionLost } from './service.ts'
export type { Call, Caller } from './service.ts'
export { openStore, StoreUnusable } from './store.ts'
export type { Store } from './store.ts'
export { systemClock } from './system-clock.ts'
export { createVirtualClock, NeverQuiet } from './virtual-clock.ts'
export type { VirtualClock } from './virtual-clock.ts'
export { forward, milliseconds } from './duration.ts'
export type { Duration } from './duration.ts'
export { createRoleSessionIssuer } from './services/sts/role-sessions.ts'
export type {
  RoleSession,
  RoleSessionIssuer,
  RoleSessionOptions,
  RoleSessionRequest,
  SessionCredentials,
} from './services/sts/role-sessions.ts'
export { createProcessExecutor } from './executors/process.ts'
export type { ProcessExecutorOptions } from './executors/process.ts'
export { createInlineExecutor } from './executors/inline.ts'
export type { InlineExecutorOptions } from './executors/inline.ts'
export type {
  InlineContext,
  InlineFunction,
  InlineHandler,
  InlineProcess,
  ProcessEnd,
} from './executors/inline-environment.ts'
export type { Executor, FunctionSpec } from './executors/executor.ts'
export { startPoller } from './event-sources/poller.ts'
export type { Poller, PollerEvent, PollerOptions } from './event-sources/poller.ts'
export { createSqsPorts } from './event-sources/sdk-ports.ts'
