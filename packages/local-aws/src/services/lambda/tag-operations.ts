import type {
  ListTagsRequest,
  ListTagsResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda'
import type { Call } from '../../service.ts'
import { readFunctionName } from './function-name.ts'
import type { FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { functionNotFound, invalidParameter, notFound, violates } from './lambda-errors.ts'
import { findMapping, saveMapping, type MappingRecord } from './mapping-record.ts'

/** Throws for more tags than AWS stores. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > 50) throw invalidParameter('Number of tags exceeds resource tag limit.')
}

export function tagResource(context: LambdaContext, input: TagResourceRequest, call: Call): object {
  const given = input.Tags ?? {}
  if (Object.keys(given).length === 0) {
    throw invalidParameter('An error occurred and the request cannot be processed.')
  }
  const tagged = findTagged(context, input.Resource, call)
  const tags = { ...tagged.tags, ...given }
  checkTags(tags)
  tagged.save(tags)
  return {}
}

export function untagResource(context: LambdaContext, input: UntagResourceRequest, call: Call): object {
  const keys = new Set(input.TagKeys)
  if (keys.size === 0) throw violates({ value: null, member: 'tagKeys', rule: 'Member must not be null' })
  const tagged = findTagged(context, input.Resource, call)
  tagged.save(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !keys.has(key))))
  return {}
}

export function listTags(context: LambdaContext, input: ListTagsRequest, call: Call): ListTagsResponse {
  return { Tags: { ...findTagged(context, input.Resource, call).tags } }
}

interface Tagged {
  readonly tags: Readonly<Record<string, string>>
  save(tags: Record<string, string>): void
}

function findTagged(context: LambdaContext, arn: string | undefined, call: Call): Tagged {
  const parts =
    /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:(?<kind>function|event-source-mapping):(?<id>[^:]+)(?<qualifier>:.+)?$/u.exec(
      arn ?? '',
    )?.groups
  if (!parts) {
    const rule =
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|event-source-mapping:[0-9a-fA-F-]{36})'
    throw violates({ value: arn, member: 'resource', rule })
  }
  if (parts['kind'] === 'event-source-mapping') return mappingTags(context, arn ?? '', parts['id'] ?? '')
  if (parts['qualifier'] !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.')
  }
  const { name } = readFunctionName(arn, call)
  const record = context.functions.find({ region: call.region, name })
  if (!record) throw functionNotFound(arn ?? '')
  return functionTags(context, record)
}

function functionTags(context: LambdaContext, record: FunctionRecord): Tagged {
  return { tags: record.tags, save: (tags) => context.functions.save({ ...record, tags }) }
}

function mappingTags(context: LambdaContext, arn: string, uuid: string): Tagged {
  const record: MappingRecord | undefined = findMapping(context.sql, uuid)
  if (!record) throw notFound(`Event source mapping not found: ${arn}`)
  return { tags: record.tags, save: (tags) => saveMapping(context.sql, { ...record, tags }) }
}
