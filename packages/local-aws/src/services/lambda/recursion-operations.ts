import type {
  GetFunctionRecursionConfigRequest,
  GetFunctionRecursionConfigResponse,
  PutFunctionRecursionConfigRequest,
} from '@aws-sdk/client-lambda'
import { AwsError, type Call } from '../../service.ts'
import { requireUnqualified } from './function-name.ts'
import { functionArn, type FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { violates } from './lambda-errors.ts'
import { countInChain, MAX_CHAIN_LENGTH } from './lineage.ts'

/** Whether a recursive loop of a function is stopped. */
export function putFunctionRecursionConfig(
  context: LambdaContext,
  input: PutFunctionRecursionConfigRequest,
  call: Call,
): GetFunctionRecursionConfigResponse {
  const { RecursiveLoop } = input
  if (RecursiveLoop !== 'Allow' && RecursiveLoop !== 'Terminate') {
    const rule = 'Member must satisfy enum value set: [Terminate, Allow]'
    throw violates({ value: RecursiveLoop, member: 'recursiveLoop', rule })
  }
  context.functions.save({ ...requireUnqualified(context, input, call), allowsRecursion: RecursiveLoop === 'Allow' })
  return { RecursiveLoop }
}

export function getFunctionRecursionConfig(
  context: LambdaContext,
  input: GetFunctionRecursionConfigRequest,
  call: Call,
): GetFunctionRecursionConfigResponse {
  return { RecursiveLoop: requireUnqualified(context, input, call).allowsRecursion ? 'Allow' : 'Terminate' }
}

/** Whether the function's next invocation in this chain exceeds the limit. */
export function isRecursive(
  { functions }: LambdaContext,
  record: FunctionRecord,
  headers: readonly (string | undefined)[],
): boolean {
  if (countInChain(headers, functionArn(record)) < MAX_CHAIN_LENGTH) return false
  return !functions.find({ ...record, version: '$LATEST' })?.allowsRecursion
}

/** No recording exists: the type is from the model, the text from its description. */
export function recursiveInvocation(): AwsError {
  const message =
    "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation."
  return new AwsError('RecursiveInvocationException', message, { details: { Type: 'User' } })
}
