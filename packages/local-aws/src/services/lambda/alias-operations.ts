import type {
  AliasConfiguration,
  CreateAliasRequest,
  DeleteAliasRequest,
  GetAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { textOf, type Row } from '../../sql.ts'
import { arnOf, readFunctionName, requireFunction, requireLatest } from './function-name.ts'
import type { LambdaContext } from './lambda-context.ts'
import { conflict, notFound, notOffered, violates, wrongRevision } from './lambda-errors.ts'
import { page } from './page.ts'

interface AliasRecord {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly revisionId: string
}

export function createAlias(context: LambdaContext, input: CreateAliasRequest, call: Call): AliasConfiguration {
  const { name } = requireLatest(context, readFunctionName(input.FunctionName, call).name, call)
  const alias = input.Name ?? ''
  if (!/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/u.test(alias)) {
    const rule = 'Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)'
    throw violates({ value: alias, member: 'name', rule })
  }
  refuseRouting(input)
  const version = input.FunctionVersion ?? ''
  requireFunction(context, { name, qualifier: version }, call)
  if (find(context, call, { name, alias })) throw conflict(`Alias already exists: ${arnOf(call, name, alias)}`)
  const description = input.Description ?? ''
  return save(context, call, { name, alias: { name: alias, version, description, revisionId: context.newId() } })
}

export function updateAlias(context: LambdaContext, input: UpdateAliasRequest, call: Call): AliasConfiguration {
  const { name, record } = require(context, input, call)
  refuseRouting(input)
  if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId)
    throw wrongRevision('GetFunction/GetAlias')
  const version = input.FunctionVersion ?? record.version
  requireFunction(context, { name, qualifier: version }, call)
  const description = input.Description ?? record.description
  return save(context, call, { name, alias: { ...record, version, description, revisionId: context.newId() } })
}

export function getAlias(context: LambdaContext, input: GetAliasRequest, call: Call): AliasConfiguration {
  const { name } = readFunctionName(input.FunctionName, call)
  const record = find(context, call, { name, alias: input.Name ?? '' })
  if (!record) throw notFound(`Cannot find alias arn: ${arnOf(call, name, input.Name)}`)
  return displayName(call, name, record)
}

export function listAliases(context: LambdaContext, input: ListAliasesRequest, call: Call): ListAliasesResponse {
  const { name } = requireLatest(context, readFunctionName(input.FunctionName, call).name, call)
  const all = context.sql
    .all('SELECT body FROM lambda_aliases WHERE region = ? AND function = ? ORDER BY name', call.region, name)
    .map(parse)
    .filter(({ version }) => input.FunctionVersion === undefined || input.FunctionVersion === version)
  const { items, next } = page(all, { marker: input.Marker, size: input.MaxItems })
  return { Aliases: items.map((record) => displayName(call, name, record)), NextMarker: next }
}

/** Deleting an alias that does not exist succeeds, as on AWS. */
export function deleteAlias(context: LambdaContext, input: DeleteAliasRequest, call: Call): object {
  const { name } = readFunctionName(input.FunctionName, call)
  const where = [call.region, name, input.Name ?? '']
  context.sql.run('DELETE FROM lambda_aliases WHERE region = ? AND function = ? AND name = ?', ...where)
  context.sql.run('DELETE FROM lambda_policies WHERE region = ? AND function = ? AND qualifier = ?', ...where)
  return {}
}

function require(context: LambdaContext, input: UpdateAliasRequest, call: Call): { name: string; record: AliasRecord } {
  const { name } = readFunctionName(input.FunctionName, call)
  const record = find(context, call, { name, alias: input.Name ?? '' })
  if (!record) throw notFound(`Alias not found: ${arnOf(call, name, input.Name)}`)
  return { name, record }
}

function refuseRouting({ RoutingConfig }: Pick<CreateAliasRequest, 'RoutingConfig'>): void {
  if (Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0) throw notOffered('RoutingConfig')
}

function find(context: LambdaContext, call: Call, key: { name: string; alias: string }): AliasRecord | undefined {
  const row = context.sql.one(
    'SELECT body FROM lambda_aliases WHERE region = ? AND function = ? AND name = ?',
    call.region,
    key.name,
    key.alias,
  )
  return row && parse(row)
}

function save(
  context: LambdaContext,
  call: Call,
  { name, alias }: { name: string; alias: AliasRecord },
): AliasConfiguration {
  context.sql.run(
    'INSERT OR REPLACE INTO lambda_aliases (region, function, name, body) VALUES (?, ?, ?, ?)',
    call.region,
    name,
    alias.name,
    JSON.stringify(alias),
  )
  return displayName(call, name, alias)
}

function displayName(call: Call, name: string, alias: AliasRecord): AliasConfiguration {
  return {
    AliasArn: arnOf(call, name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
  }
}

function parse(row: Row): AliasRecord {
  const record: AliasRecord = JSON.parse(textOf(row, 'body'))
  return record
}
