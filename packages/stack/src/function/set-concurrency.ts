import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda'
import { messageOf } from '../aws-errors.ts'
import type { DesiredFunction } from '../desired/desired-stack.ts'
import type { Context } from '../kind.ts'
import { StackError } from '../resource.ts'

/** Sets or removes the function's reserved concurrency, where its description says anything of it. */
export async function setConcurrency(
  { name, reservedConcurrency: wanted }: DesiredFunction,
  { clients }: Context,
): Promise<void> {
  if (wanted === undefined) return
  const FunctionName = name
  if (wanted === 'none') {
    await clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
    return
  }
  try {
    await clients.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: wanted }))
  } catch (error) {
    // A new account has ten executions, and AWS leaves none of them to one function.
    if (!messageOf(error).includes('UnreservedConcurrentExecution')) throw error
    throw new StackError(
      {
        code: 'too-few-executions',
        resource: { kind: 'function', name },
        problem: `this account has too few concurrent executions to reserve ${wanted} for it: ${messageOf(error)}`,
        todo: 'Ask AWS for more (Service Quotas, AWS Lambda, Concurrent executions), or set TICKETING_INTAKE_CONCURRENCY=none: then a flood of requests can use up what the other functions need.',
      },
      error,
    )
  }
}
