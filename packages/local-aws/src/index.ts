export { createAuthorizer } from './authorization/create-authorizer.ts'
export { createFunctionRights } from './authorization/function-rights.ts'
export type { FunctionRights } from './authorization/function-rights.ts'
export { createCloud } from './cloud.ts'
export type { DirectCall, Intercept } from './answer-call.ts'
export type { CallableCloud, CloudOptions } from './cloud.ts'
export type { Clock } from './clock.ts'
export type { CloudEvent, Observe } from './events.ts'
export type { Cloud, CloudRequest, CloudResponse } from './http.ts'
export { bypassWire } from './bypass-wire.ts'
export type { SdkClient } from './bypass-wire.ts'
export { createInProcessHandler } from './in-process.ts'
export type { InProcessHandler, UnsentCall } from './in-process.ts'
export { listen } from './listen.ts'
export type { Listener, ListenFailure, Listening, ListenOptions } from './listen.ts'
export { AwsError, ConnectionLost } from './service.ts'
export type { Authorizer, Call, Caller, Operation, Service } from './service.ts'
export { openStore, StoreUnusable } from './store.ts'
export type { Store } from './store.ts'
export { systemClock } from './system-clock.ts'
export { createIamService } from './services/iam/create-iam-service.ts'
export type { IamServiceOptions } from './services/iam/create-iam-service.ts'
export { createS3Service } from './services/s3/create-s3-service.ts'
export type { S3ServiceOptions } from './services/s3/create-s3-service.ts'
export { createSecretsManagerService } from './services/secrets-manager/create-secrets-manager-service.ts'
export type { SecretsManagerServiceOptions } from './services/secrets-manager/create-secrets-manager-service.ts'
export { createStsService } from './services/sts/create-sts-service.ts'
export { createCallerResolver } from './services/sts/resolve-caller.ts'
export type { CallerResolver } from './services/sts/resolve-caller.ts'
export { createRoleSessionIssuer } from './services/sts/role-sessions.ts'
export type {
  RoleSession,
  RoleSessionIssuer,
  RoleSessionOptions,
  RoleSessionRequest,
  SessionCredentials,
} from './services/sts/role-sessions.ts'
export { createSqsService } from './services/sqs/create-sqs-service.ts'
export type { SqsOptions } from './services/sqs/create-sqs-service.ts'
export { createLambdaService } from './services/lambda/create-lambda-service.ts'
export type { LambdaService, LambdaServiceOptions } from './services/lambda/create-lambda-service.ts'
export { createOpenQueue } from './services/lambda/open-queue.ts'
export { createDirectQueue } from './services/lambda/direct-queue.ts'
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
export { createSdkPorts, createSqsPorts } from './event-sources/sdk-ports.ts'
export { createVirtualClock, NeverQuiet } from './virtual-clock.ts'
export type { VirtualClock } from './virtual-clock.ts'
export { findForeignRequest } from './foreign-request.ts'
export type { ForeignRequest, RequestHead } from './foreign-request.ts'
export { forward, milliseconds } from './duration.ts'
export type { Duration } from './duration.ts'
