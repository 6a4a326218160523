import type { Call, Operation } from '../../service.ts'
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './alias-operations.ts'
import {
  deleteFunctionConcurrency,
  getAccountSettings,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './concurrency-operations.ts'
import {
  createFunction,
  deleteFunction,
  getFunction,
  getFunctionConfiguration,
  listFunctions,
} from './function-operations.ts'
import type { LambdaContext } from './lambda-context.ts'
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
  type MappingWork,
} from './mapping-operations.ts'
import { addPermission, getPolicy, removePermission } from './permission-operations.ts'
import { getFunctionRecursionConfig, putFunctionRecursionConfig } from './recursion-operations.ts'
import { listTags, tagResource, untagResource } from './tag-operations.ts'
import { updateFunctionCode, updateFunctionConfiguration } from './update-operations.ts'
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from './url-operations.ts'
import { listVersionsByFunction, publishVersion } from './version-operations.ts'

/** Every operation but Invoke, by its name. */
export function lambdaOperations(work: MappingWork): Record<string, Operation> {
  const { context } = work
  const on = <Input>(run: (context: LambdaContext, input: Input, call: Call) => unknown) => {
    return (input: Input, call: Call): unknown => run(context, input, call)
  }
  const onMappings = <Input>(run: (work: MappingWork, input: Input, call: Call) => unknown) => {
    return (input: Input, call: Call): unknown => run(work, input, call)
  }
  return {
    AddPermission: on(addPermission),
    CreateAlias: on(createAlias),
    CreateEventSourceMapping: onMappings(createEventSourceMapping),
    CreateFunction: on(createFunction),
    CreateFunctionUrlConfig: on(createFunctionUrlConfig),
    DeleteAlias: on(deleteAlias),
    DeleteEventSourceMapping: onMappings(deleteEventSourceMapping),
    DeleteFunction: on(deleteFunction),
    DeleteFunctionConcurrency: on(deleteFunctionConcurrency),
    DeleteFunctionUrlConfig: on(deleteFunctionUrlConfig),
    GetAccountSettings: on(getAccountSettings),
    GetAlias: on(getAlias),
    GetEventSourceMapping: onMappings(getEventSourceMapping),
    GetFunction: on(getFunction),
    GetFunctionConcurrency: on(getFunctionConcurrency),
    GetFunctionConfiguration: on(getFunctionConfiguration),
    GetFunctionUrlConfig: on(getFunctionUrlConfig),
    GetFunctionRecursionConfig: on(getFunctionRecursionConfig),
    GetPolicy: on(getPolicy),
    ListAliases: on(listAliases),
    ListEventSourceMappings: onMappings(listEventSourceMappings),
    ListFunctionUrlConfigs: on(listFunctionUrlConfigs),
    ListFunctions: on(listFunctions),
    ListTags: on(listTags),
    ListVersionsByFunction: on(listVersionsByFunction),
    PublishVersion: on(publishVersion),
    PutFunctionConcurrency: on(putFunctionConcurrency),
    PutFunctionRecursionConfig: on(putFunctionRecursionConfig),
    RemovePermission: on(removePermission),
    TagResource: on(tagResource),
    UntagResource: on(untagResource),
    UpdateAlias: on(updateAlias),
    UpdateEventSourceMapping: onMappings(updateEventSourceMapping),
    UpdateFunctionCode: on(updateFunctionCode),
    UpdateFunctionConfiguration: on(updateFunctionConfiguration),
    UpdateFunctionUrlConfig: on(updateFunctionUrlConfig),
  }
}
