import { AwsError, type Call } from '../../service.ts'
import { functionArn, type FunctionRecord } from './function-record.ts'
import { textOf } from '../../sql.ts'
import { functionNotFound, invalidParameter, notFound, violates } from './lambda-errors.ts'
import type { LambdaContext } from './lambda-context.ts'

/** The name of a function in a request. */
export interface FunctionName {
  readonly name: string
  readonly qualifier: string | undefined
}

const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?'

/** Reads a name, a partial or a full ARN, each with or without a qualifier. */
export function readFunctionName(given: string | undefined, call: Call, qualifier?: string): FunctionName {
  const match =
    /^(?:arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<own>\$LATEST|[a-zA-Z0-9-_]+))?$/u.exec(
      given ?? '',
    )
  const { region, account, name, own } = match?.groups ?? {}
  if (name === undefined) {
    const rule = `Member must satisfy regular expression pattern: ${PATTERN}`
    throw violates({ value: given, member: 'functionName', rule })
  }
  if (name.length > 64) {
    const message = `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`
    throw invalidParameter(message)
  }
  if (region !== undefined && region !== call.region) {
    throw notFound(`Functions from '${region}' are not reachable in this region ('${call.region}')`)
  }
  if (account !== undefined && account !== call.caller.accountId) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform: lambda:${call.operation}`,
      {
        status: 403,
      },
    )
  }
  if (own !== undefined && qualifier !== undefined && own !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.')
  }
  return { name, qualifier: qualifier ?? own }
}

/** The parts of a full ARN. */
export function readFunctionArn(arn: string): FunctionName & { readonly region: string } {
  const [, , , region = '', , , name = '', qualifier] = arn.split(':')
  return { region, name, qualifier }
}

/** The version that a name and qualifier refer to, through an alias or not; throws ResourceNotFoundException. */
export function requireFunction(context: LambdaContext, named: FunctionName, call: Call): FunctionRecord {
  const { name, qualifier } = named
  const version = versionOf(context, named, call.region)
  const record = version && context.functions.find({ region: call.region, name, version })
  if (!record) throw functionNotFound(arnOf(call, name, qualifier))
  return record
}

/** The version that a name and qualifier refer to in a region, through an alias or not; undefined if there is none. */
export function findTarget(
  context: LambdaContext,
  { region, ...named }: FunctionName & { readonly region: string },
): FunctionRecord | undefined {
  const version = versionOf(context, named, region)
  return version === undefined ? undefined : context.functions.find({ region, name: named.name, version })
}

/** `$LATEST` of a function, whatever the qualifier; throws ResourceNotFoundException. */
export function requireLatest(context: LambdaContext, name: string, call: Call): FunctionRecord {
  const record = context.functions.find({ region: call.region, name })
  if (!record) throw functionNotFound(arnOf(call, name))
  return record
}

/** The function itself, for settings that versions and aliases do not have. */
export function requireUnqualified(
  context: LambdaContext,
  input: { FunctionName: string | undefined },
  call: Call,
): FunctionRecord {
  const { name, qualifier } = readFunctionName(input.FunctionName, call)
  if (qualifier !== undefined) {
    throw invalidParameter(
      'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
    )
  }
  const record = context.functions.find({ region: call.region, name })
  if (!record) throw functionNotFound(`${arnOf(call, name)}:$LATEST`)
  return record
}

/** The ARN of a function, whether it exists or not. */
export function arnOf(call: Call, name: string, qualifier?: string): string {
  const arn = functionArn({ region: call.region, accountId: call.caller.accountId, name })
  return qualifier === undefined ? arn : `${arn}:${qualifier}`
}

function versionOf(context: LambdaContext, { name, qualifier }: FunctionName, region: string): string | undefined {
  if (qualifier === undefined || qualifier === '$LATEST') return '$LATEST'
  if (/^\d+$/u.test(qualifier)) return qualifier
  const row = context.sql.one(
    "SELECT json_extract(body, '$.version') AS version FROM lambda_aliases WHERE region = ? AND function = ? AND name = ?",
    region,
    name,
    qualifier,
  )
  return row && textOf(row, 'version')
}
