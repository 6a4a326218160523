export type { AppliedStack, StackFailure, StackOptions } from './apply-stack.ts'
export { applyStack } from './apply-stack.ts'
export type { StackClients } from './clients.ts'
export type { Clock } from './clock.ts'
export type { StackDescription } from './desired/describe-stack.ts'
export { describeStack } from './desired/describe-stack.ts'
export type {
  DesiredBoundary,
  DesiredBucket,
  DesiredFunction,
  DesiredMapping,
  DesiredQueue,
  DesiredRole,
  DesiredStack,
  EnvironmentValue,
} from './desired/desired-stack.ts'
export type { DestroyedStack, DestroyFailure, DestroyOptions, LeftResource } from './destroy-stack.ts'
export { destroyStack } from './destroy-stack.ts'
export type { EnsuredSecret } from './ensure-secret.ts'
export { ensureSecret } from './ensure-secret.ts'
export type { FunctionCode } from './function/describe-function.ts'
export type { StackStep } from './kind.ts'
export type { PolicyScope } from './policy/access-policies.ts'
export { boundaryPolicy, operatorPolicy, serverPolicy } from './policy/access-policies.ts'
export type { PolicyDocument, Statement } from './policy/policy-document.ts'
export type { Caller } from './read-caller.ts'
export { readCaller } from './read-caller.ts'
export type { FunctionStatus, LaneStatus, QueueStatus, StackStatus } from './read-stack.ts'
export { readQueue, readStack } from './read-stack.ts'
export type { Change, Difference, Resource, ResourceKind, StackProblem } from './resource.ts'
export type { Result } from './result.ts'
export type { StackClientOptions } from './create-stack-clients.ts'
export { createStackClients } from './create-stack-clients.ts'
