import { findMapping } from '../../services/lambda/mapping-record.ts'
import { arnOf, readFunctionName } from '../../services/lambda/function-name.ts'
import type { RequiredPermission } from '../required-permission.ts'
import type { Access, AccessTable, Input, Scope } from './access.ts'
import { creating, optionalTextIn, tagKeysOf, textIn } from './read-input.ts'

/**
 * Permissions of Lambda's operations. Setting a function's role requires `iam:PassRole` on it; the condition key
 * `lambda:FunctionArn` limits event source mappings to functions.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
export const lambdaAccess: AccessTable = {
  AddPermission: onFunction('AddPermission', (input) => ({ 'lambda:Principal': optionalTextIn(input, 'Principal') })),
  CreateAlias: onFunction('CreateAlias'),
  CreateEventSourceMapping: (input, scope) => {
    const keys = { 'lambda:FunctionArn': functionArnOf(input, scope), ...tagKeysOf(input) }
    const create = { action: 'lambda:CreateEventSourceMapping', resource: '*', keys }
    const tag = { action: 'lambda:TagResource', resource: mappingArn('*', scope), keys: tagKeysOf(input) }
    return creating(input, create, tag)
  },
  CreateFunction: (input, scope) => {
    const create = { action: 'lambda:CreateFunction', resource: functionArnOf(input, scope), keys: tagKeysOf(input) }
    return [...creating(input, create, { action: 'lambda:TagResource' }), ...passRole(input)]
  },
  CreateFunctionUrlConfig: onFunction('CreateFunctionUrlConfig', authTypeKey),
  DeleteAlias: onFunction('DeleteAlias'),
  DeleteEventSourceMapping: onMapping('DeleteEventSourceMapping'),
  DeleteFunction: onFunction('DeleteFunction'),
  DeleteFunctionConcurrency: onFunction('DeleteFunctionConcurrency'),
  DeleteFunctionUrlConfig: onFunction('DeleteFunctionUrlConfig'),
  GetAccountSettings: onAnything('GetAccountSettings'),
  GetAlias: onFunction('GetAlias'),
  GetEventSourceMapping: onMapping('GetEventSourceMapping'),
  GetFunction: onFunction('GetFunction'),
  GetFunctionConcurrency: onFunction('GetFunctionConcurrency'),
  GetFunctionRecursionConfig: onFunction('GetFunctionRecursionConfig'),
  GetFunctionConfiguration: onFunction('GetFunctionConfiguration'),
  GetFunctionUrlConfig: onFunction('GetFunctionUrlConfig'),
  GetPolicy: onFunction('GetPolicy'),
  Invoke: onFunction('InvokeFunction'),
  ListAliases: onFunction('ListAliases'),
  ListEventSourceMappings: onAnything('ListEventSourceMappings'),
  ListFunctionUrlConfigs: onFunction('ListFunctionUrlConfigs'),
  ListFunctions: onAnything('ListFunctions'),
  ListTags: onArn('ListTags'),
  ListVersionsByFunction: onFunction('ListVersionsByFunction'),
  PublishVersion: onFunction('PublishVersion'),
  PutFunctionConcurrency: onFunction('PutFunctionConcurrency'),
  PutFunctionRecursionConfig: onFunction('PutFunctionRecursionConfig'),
  RemovePermission: onFunction('RemovePermission'),
  TagResource: onArn('TagResource'),
  UntagResource: onArn('UntagResource'),
  UpdateAlias: onFunction('UpdateAlias'),
  UpdateEventSourceMapping: (input, scope) => {
    const held = mappingNeed('UpdateEventSourceMapping', input, scope)
    if (input['FunctionName'] === undefined) return held
    return [held, { ...held, keys: { 'lambda:FunctionArn': functionArnOf(input, scope) } }]
  },
  UpdateFunctionCode: onFunction('UpdateFunctionCode'),
  UpdateFunctionUrlConfig: onFunction('UpdateFunctionUrlConfig', authTypeKey),
  UpdateFunctionConfiguration: (input, scope) => [
    { action: 'lambda:UpdateFunctionConfiguration', resource: functionArnOf(input, scope) },
    ...passRole(input),
  ],
}

type Keys = NonNullable<RequiredPermission['keys']>

function onFunction(name: string, keysOf: (input: Input) => Keys = () => ({})): Access {
  return (input, scope) => ({
    action: `lambda:${name}`,
    resource: functionArnOf(input, scope),
    keys: keysOf(input),
  })
}

function onMapping(name: string): Access {
  return (input, scope) => mappingNeed(name, input, scope)
}

function mappingNeed(name: string, input: Input, scope: Scope): RequiredPermission {
  const uuid = textIn(input, 'UUID')
  return {
    action: `lambda:${name}`,
    resource: mappingArn(uuid, scope),
    keys: { 'lambda:FunctionArn': findMapping(scope.sql, uuid)?.functionArn },
  }
}

function onAnything(name: string): Access {
  return () => ({ action: `lambda:${name}`, resource: '*' })
}

function onArn(name: string): Access {
  return (input) => ({ action: `lambda:${name}`, resource: textIn(input, 'Resource'), keys: tagKeysOf(input) })
}

function passRole(input: Input): readonly RequiredPermission[] {
  const resource = optionalTextIn(input, 'Role')
  if (resource === undefined) return []
  return [{ action: 'iam:PassRole', resource, keys: { 'iam:PassedToService': 'lambda.amazonaws.com' } }]
}

function authTypeKey(input: Input): Keys {
  return { 'lambda:FunctionUrlAuthType': optionalTextIn(input, 'AuthType') }
}

function mappingArn(uuid: string, { call }: Scope): string {
  return `arn:aws:lambda:${call.region}:${call.caller.accountId}:event-source-mapping:${uuid}`
}

function functionArnOf(input: Input, { call }: Scope): string {
  const { name, qualifier } = readFunctionName(
    optionalTextIn(input, 'FunctionName'),
    call,
    optionalTextIn(input, 'Qualifier'),
  )
  return arnOf(call, name, qualifier)
}
