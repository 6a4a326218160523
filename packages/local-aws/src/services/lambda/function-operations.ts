import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { checkSettings } from './check-function.ts'
import { arnOf, readFunctionName, requireFunction, requireLatest } from './function-name.ts'
import { configurationOf, functionArn, type FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { conflict, functionNotFound, invalidParameter, notOffered, violates } from './lambda-errors.ts'
import { page } from './page.ts'
import { publish } from './version-operations.ts'
import { readCode } from './read-code.ts'
import { checkTags } from './tag-operations.ts'

/** Creates a function; it is Active at once. */
export function createFunction(
  context: LambdaContext,
  input: CreateFunctionRequest,
  call: Call,
): FunctionConfiguration {
  const { name } = readFunctionName(input.FunctionName, call)
  checkSettings(input)
  if (input.PackageType === 'Image') throw notOffered('PackageType Image')
  if ((input.CodeSigningConfigArn ?? '') !== '') throw notOffered('CodeSigningConfigArn')
  const { Runtime, Handler } = input
  if (Runtime === undefined || Handler === undefined) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    )
  }
  const tags = input.Tags ?? {}
  checkTags(tags)
  const code = readCode(input.Code ?? {})
  if (!context.rights.mayAssume(input.Role ?? '')) {
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.')
  }
  if (context.functions.find({ region: call.region, name })) throw conflict(`Function already exist: ${name}`)
  const record: FunctionRecord = {
    name,
    accountId: call.caller.accountId,
    region: call.region,
    version: '$LATEST',
    description: input.Description ?? '',
    runtime: Runtime,
    role: input.Role ?? '',
    handler: Handler,
    codeSize: code.codeSize,
    codeSha256: code.codeSha256,
    timeoutSeconds: input.Timeout ?? 3,
    memoryMb: input.MemorySize ?? 128,
    ephemeralMb: input.EphemeralStorage?.Size ?? 512,
    variables: input.Environment?.Variables,
    architecture: input.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
    tracing: input.TracingConfig?.Mode === 'Active' ? 'Active' : 'PassThrough',
    lastModified: context.clock.now(),
    revisionId: context.newId(),
    tags,
    reservedConcurrency: undefined,
    nextVersion: 1,
  }
  context.functions.save(record, code.zip)
  context.functionChanged(call.region, name)
  return configurationOf(input.Publish === true ? publish(context, record) : record)
}

export function getFunction(context: LambdaContext, input: GetFunctionRequest, call: Call): GetFunctionResponse {
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  const record = requireFunction(context, named, call)
  const latest = requireLatest(context, named.name, call)
  const { reservedConcurrency } = latest
  // Tags are returned only to callers that may list them:
  // https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
  const mayNot = call.deny({ action: 'lambda:ListTags', resource: arnOf(call, named.name) })
  const tags = mayNot ? {} : latest.tags
  return {
    Configuration: configurationOf(record, named.qualifier !== undefined),
    Code: { RepositoryType: 'S3', Location: `${call.baseUrl}${codePath(record)}` },
    ...(Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } }),
    ...(reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  }
}

/** The address of a version's zip; AWS returns a presigned one. */
function codePath({ codeSha256 }: FunctionRecord): string {
  return `/_lambda/code/${Buffer.from(codeSha256, 'base64').toString('hex')}.zip`
}

export function getFunctionConfiguration(
  context: LambdaContext,
  input: GetFunctionConfigurationRequest,
  call: Call,
): FunctionConfiguration {
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  return configurationOf(requireFunction(context, named, call), named.qualifier !== undefined)
}

export function listFunctions(context: LambdaContext, input: ListFunctionsRequest, call: Call): ListFunctionsResponse {
  if (input.FunctionVersion !== undefined && input.FunctionVersion !== 'ALL') {
    const rule = 'Member must satisfy enum value set: [ALL]'
    throw violates({ value: input.FunctionVersion, member: 'functionVersion', rule })
  }
  const latest = context.functions.list(call.region)
  const all =
    input.FunctionVersion === 'ALL'
      ? latest.flatMap(({ name }) => context.functions.versions(call.region, name))
      : latest
  const { items, next } = page(all, { marker: input.Marker, size: input.MaxItems })
  const qualified = input.FunctionVersion === 'ALL'
  return { Functions: items.map((record) => configurationOf(record, qualified)), NextMarker: next }
}

export function deleteFunction(context: LambdaContext, input: DeleteFunctionRequest, call: Call): object {
  const { name, qualifier } = readFunctionName(input.FunctionName, call, input.Qualifier)
  const { region } = call
  if (qualifier === '$LATEST') {
    throw invalidParameter('$LATEST version cannot be deleted without deleting the function.')
  }
  const latest = context.functions.find({ region, name })
  if (!latest) throw functionNotFound(arnOf(call, name, qualifier))
  if (qualifier !== undefined) {
    if (!/^\d+$/u.test(qualifier)) throw invalidParameter('Deletion of aliases is not currently supported.')
    // Deleting a version that does not exist succeeds, as on AWS.
    context.functions.remove({ region, name, version: qualifier })
  } else {
    context.functions.remove({ region, name })
    context.functionChanged(region, name)
  }
  context.executor.retire(functionArn(latest))
  return {}
}
