import type {
  CreateFunctionUrlConfigRequest,
  CreateFunctionUrlConfigResponse,
  DeleteFunctionUrlConfigRequest,
  GetFunctionUrlConfigRequest,
  GetFunctionUrlConfigResponse,
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
  const { AuthType } = input
  if (AuthType !== 'NONE' && AuthType !== 'AWS_IAM') {
    const rule = 'Member must satisfy enum value set: [NONE, AWS_IAM]'
    throw violates({ value: AuthType, member: 'authType', rule })
  }
  if (input.Cors !== undefined) throw notOffered('Cors')
  if (input.InvokeMode === 'RESPONSE_STREAM') throw notOffered('InvokeMode RESPONSE_STREAM')
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

export function deleteFunctionUrlConfig(
  context: LambdaContext,
  input: DeleteFunctionUrlConfigRequest,
  call: Call,
): object {
  context.sql.run('DELETE FROM lambda_urls WHERE id = ?', requireUrl(context, input, call).id)
  return {}
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
  const time = new Date(record.createdAt).toISOString()
  return {
    FunctionUrl: `${call.baseUrl}${URL_PATH}${record.id}/`,
    FunctionArn: record.functionArn,
    AuthType: record.authType,
    CreationTime: time,
    LastModifiedTime: time,
    InvokeMode: 'BUFFERED',
  }
}

function read(row: Row | undefined): UrlRecord | undefined {
  if (!row) return undefined
  const record: UrlRecord = JSON.parse(textOf(row, 'body'))
  return record
}
