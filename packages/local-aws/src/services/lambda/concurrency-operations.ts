import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  GetAccountSettingsResponse,
  GetFunctionConcurrencyRequest,
  GetFunctionConcurrencyResponse,
  PutFunctionConcurrencyRequest,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { requireUnqualified } from './function-name.ts'
import type { LambdaContext } from './lambda-context.ts'
import { invalidParameter } from './lambda-errors.ts'

const ACCOUNT_CONCURRENCY = 1000
const MIN_UNRESERVED = 100

/** Reserves a share of the account's concurrency, which is also the function's limit. Zero stops the function. */
export function putFunctionConcurrency(
  context: LambdaContext,
  input: PutFunctionConcurrencyRequest,
  call: Call,
): Concurrency {
  const record = requireUnqualified(context, input, call)
  const wanted = input.ReservedConcurrentExecutions ?? 0
  const others = reserved(context, call.region) - (record.reservedConcurrency ?? 0)
  if (ACCOUNT_CONCURRENCY - others - wanted < MIN_UNRESERVED) {
    throw invalidParameter(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MIN_UNRESERVED}].`,
    )
  }
  context.functions.save({ ...record, reservedConcurrency: wanted })
  return { ReservedConcurrentExecutions: wanted }
}

export function getFunctionConcurrency(
  context: LambdaContext,
  input: GetFunctionConcurrencyRequest,
  call: Call,
): GetFunctionConcurrencyResponse {
  return { ReservedConcurrentExecutions: requireUnqualified(context, input, call).reservedConcurrency }
}

export function deleteFunctionConcurrency(
  context: LambdaContext,
  input: DeleteFunctionConcurrencyRequest,
  call: Call,
): object {
  context.functions.save({ ...requireUnqualified(context, input, call), reservedConcurrency: undefined })
  return {}
}

export function getAccountSettings(context: LambdaContext, _input: object, call: Call): GetAccountSettingsResponse {
  const functions = context.functions.list(call.region)
  return {
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: ACCOUNT_CONCURRENCY,
      UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reserved(context, call.region),
    },
    AccountUsage: {
      TotalCodeSize: functions.reduce((sum, { codeSize }) => sum + codeSize, 0),
      FunctionCount: functions.length,
    },
  }
}

function reserved(context: LambdaContext, region: string): number {
  return context.functions.list(region).reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0)
}
