import type {
  CreateFunctionUrlConfigRequest,
  CreateFunctionUrlConfigResponse,
  DeleteFunctionUrlConfigRequest,
  GetFunctionUrlConfigRequest,
  GetFunctionUrlConfigResponse,
  ListFunctionUrlConfigsRequest,
  ListFunctionUrlConfigsResponse,
  UpdateFunctionUrlConfigRequest,
  UpdateFunctionUrlConfigResponse,
} from '@aws-sdk/client-lambda'
import { createHash } from 'node:crypto'
import type { Call } from '../../service.ts'
import { textOf, type Row } from '../../sql.ts'
import { arnOf, readFunctionName, requireFunction } from './function-name.ts'
import type { LambdaContext } from './lambda-context.ts'
import { conflict, notFound, notOffered, violates } from './lambda-errors.ts'

/** A function's URL. */
export interface UrlRecord {
  readonly id: string
  readonly region: string
  readonly accountId: string
  readonly functionName: string
  readonly qualifier: string | undefined
  readonly functionArn: string
  readonly authType: 'NONE' | 'AWS_IAM'
  readonly createdAt: number
  readonly changedAt?: number
}

/** Function URLs are under this path: a host name for each would not resolve on every machine. */
export const URL_PATH = '/_lambda/url/'

export function createFunctionUrlConfig(
  context: LambdaContext,
  input: CreateFunctionUrlConfigRequest,
  call: Call,
): CreateFunctionUrlConfigResponse {
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  const { qualifier } = named
  if (qualifier !== undefined && !/^(?!^\d+$)[0-9a-zA-Z-_]+$/u.test(qualifier)) {
    const rule = 'Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)'
    throw violates({ value: qualifier, member: 'qualifier', rule })
  }
  const AuthType = readAuthType(input.AuthType)
  refuseUnsupported(input)
  requireFunction(context, named, call)
  const functionArn = arnOf(call, named.name, qualifier)
  if (findUrl(context, call.region, named)) {
    throw conflict(
      `Failed to create function url config for [functionArn = ${functionArn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    )
  }
  const record: UrlRecord = {
    id: createHash('sha256').update(context.newId()).digest('hex').slice(0, 32),
    region: call.region,
    accountId: call.caller.accountId,
    functionName: named.name,
    qualifier,
    functionArn,
    authType: AuthType,
    createdAt: context.clock.now(),
  }
  context.sql.run(
    'INSERT INTO lambda_urls (region, function, qualifier, id, body) VALUES (?, ?, ?, ?, ?)',
    call.region,
    named.name,
    qualifier ?? '',
    record.id,
    JSON.stringify(record),
  )
  const { FunctionUrl, FunctionArn, CreationTime } = displayName(record, call)
  return { FunctionUrl, FunctionArn, AuthType, CreationTime, InvokeMode: 'BUFFERED' }
}

export function getFunctionUrlConfig(
  context: LambdaContext,
  input: GetFunctionUrlConfigRequest,
  call: Call,
): GetFunctionUrlConfigResponse {
  return displayName(requireUrl(context, input, call), call)
}

/** Changes the authentication; the address stays. */
export function updateFunctionUrlConfig(
  context: LambdaContext,
  input: UpdateFunctionUrlConfigRequest,
  call: Call,
): UpdateFunctionUrlConfigResponse {
  refuseUnsupported(input)
  const before = requireUrl(context, input, call)
  const authType = input.AuthType === undefined ? before.authType : readAuthType(input.AuthType)
  const record: UrlRecord = { ...before, authType, changedAt: context.clock.now() }
  context.sql.run('UPDATE lambda_urls SET body = ? WHERE id = ?', JSON.stringify(record), record.id)
  return displayName(record, call)
}

export function listFunctionUrlConfigs(
  context: LambdaContext,
  input: ListFunctionUrlConfigsRequest,
  call: Call,
): ListFunctionUrlConfigsResponse {
  const { name } = requireFunction(context, readFunctionName(input.FunctionName, call), call)
  const rows = context.sql.all(
    'SELECT body FROM lambda_urls WHERE region = ? AND function = ? ORDER BY qualifier',
    call.region,
    name,
  )
  return { FunctionUrlConfigs: rows.flatMap((row) => read(row) ?? []).map((record) => displayName(record, call)) }
}

export function deleteFunctionUrlConfig(
  context: LambdaContext,
  input: DeleteFunctionUrlConfigRequest,
  call: Call,
): object {
  context.sql.run('DELETE FROM lambda_urls WHERE id = ?', requireUrl(context, input, call).id)
  return {}
}

function readAuthType(given: string | undefined): UrlRecord['authType'] {
  if (given === 'NONE' || given === 'AWS_IAM') return given
  const rule = 'Member must satisfy enum value set: [NONE, AWS_IAM]'
  throw violates({ value: given, member: 'authType', rule })
}

function refuseUnsupported({
  Cors,
  InvokeMode,
}: UpdateFunctionUrlConfigRequest | CreateFunctionUrlConfigRequest): void {
  if (Cors !== undefined) throw notOffered('Cors')
  if (InvokeMode === 'RESPONSE_STREAM') throw notOffered('InvokeMode RESPONSE_STREAM')
}

/** The URL with this id, of any function. */
export function findUrlById(context: LambdaContext, id: string): UrlRecord | undefined {
  return read(context.sql.one('SELECT body FROM lambda_urls WHERE id = ?', id))
}

function requireUrl(
  context: LambdaContext,
  input: { FunctionName: string | undefined; Qualifier?: string | undefined },
  call: Call,
): UrlRecord {
  const record = findUrl(context, call.region, readFunctionName(input.FunctionName, call, input.Qualifier))
  if (!record) throw notFound('The resource you requested does not exist.')
  return record
}

function findUrl(
  context: LambdaContext,
  region: string,
  { name, qualifier = '' }: { name: string; qualifier: string | undefined },
): UrlRecord | undefined {
  return read(
    context.sql.one(
      'SELECT body FROM lambda_urls WHERE region = ? AND function = ? AND qualifier = ?',
      region,
      name,
      qualifier,
    ),
  )
}

function displayName(record: UrlRecord, call: Call): GetFunctionUrlConfigResponse {
  return {
    FunctionUrl: `${call.baseUrl}${URL_PATH}${record.id}/`,
    FunctionArn: record.functionArn,
    AuthType: record.authType,
    CreationTime: new Date(record.createdAt).toISOString(),
    LastModifiedTime: new Date(record.changedAt ?? record.createdAt).toISOString(),
    InvokeMode: 'BUFFERED',
  }
}

function read(row: Row | undefined): UrlRecord | undefined {
  if (!row) return undefined
  const record: UrlRecord = JSON.parse(textOf(row, 'body'))
  return record
}
