import type {
  FunctionConfiguration,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { checkSettings } from './check-function.ts'
import { readFunctionName, requireLatest } from './function-name.ts'
import { configurationOf, functionArn, type FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { invalidParameter, wrongRevision } from './lambda-errors.ts'
import { readCode } from './read-code.ts'
import { publish } from './version-operations.ts'

/** Replaces the code; warm environments of the old code are not used again. */
export function updateFunctionCode(
  context: LambdaContext,
  input: UpdateFunctionCodeRequest,
  call: Call,
): FunctionConfiguration {
  const record = requireLatest(context, readFunctionName(input.FunctionName, call).name, call)
  checkSettings({ Architectures: input.Architectures })
  if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId) {
    throw wrongRevision('GetFunction/GetAlias')
  }
  const { zip, codeSize, codeSha256 } = readCode(input)
  const architecture = input.Architectures?.[0] ?? record.architecture
  const changed: FunctionRecord = { ...touch(context, record), codeSize, codeSha256, architecture }
  if (input.DryRun === true) return configurationOf(changed)
  context.functions.save(changed, zip)
  context.executor.retire(functionArn(changed))
  return configurationOf(input.Publish === true ? publish(context, changed) : changed, input.Publish === true)
}

/** Changes the given settings only. */
export function updateFunctionConfiguration(
  context: LambdaContext,
  input: UpdateFunctionConfigurationRequest,
  call: Call,
): FunctionConfiguration {
  const record = requireLatest(context, readFunctionName(input.FunctionName, call).name, call)
  checkSettings(input)
  if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId) {
    throw wrongRevision('GetFunction/GetAlias')
  }
  if (input.Role !== undefined && !context.rights.mayAssume(input.Role)) {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.')
  }
  const tracing = input.TracingConfig?.Mode
  const changed: FunctionRecord = {
    ...touch(context, record),
    description: input.Description ?? record.description,
    runtime: input.Runtime ?? record.runtime,
    role: input.Role ?? record.role,
    handler: input.Handler ?? record.handler,
    timeoutSeconds: input.Timeout ?? record.timeoutSeconds,
    memoryMb: input.MemorySize ?? record.memoryMb,
    ephemeralMb: input.EphemeralStorage?.Size ?? record.ephemeralMb,
    variables: input.Environment === undefined ? record.variables : nonEmpty(input.Environment.Variables),
    tracing: tracing ?? record.tracing,
  }
  context.functions.save(changed)
  context.executor.retire(functionArn(changed))
  context.functionChanged(call.region, changed.name)
  return configurationOf(changed)
}

function touch(context: LambdaContext, record: FunctionRecord): FunctionRecord {
  return { ...record, lastModified: context.clock.now(), revisionId: context.newId() }
}

function nonEmpty(variables: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined {
  return variables === undefined || Object.keys(variables).length === 0 ? undefined : { ...variables }
}
