import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge'
import type { Call } from '../../service.ts'
import type { EventsContext } from './events-context.ts'
import { invalid, requireRule, saveRule, type RuleRecord } from './rule-record.ts'

const MOST_TAGS = 50

export function tagResource({ sql }: EventsContext, input: TagResourceRequest, call: Call): object {
  const rule = requireTagged({ sql }, input.ResourceARN, call)
  saveRule(sql, { ...rule, tags: checked({ ...rule.tags, ...readTags(input.Tags) }) })
  return {}
}

export function untagResource({ sql }: EventsContext, input: UntagResourceRequest, call: Call): object {
  const rule = requireTagged({ sql }, input.ResourceARN, call)
  const tags = Object.entries(rule.tags).filter(([key]) => !(input.TagKeys ?? []).includes(key))
  saveRule(sql, { ...rule, tags: Object.fromEntries(tags) })
  return {}
}

export function listTagsForResource(
  { sql }: EventsContext,
  input: ListTagsForResourceRequest,
  call: Call,
): ListTagsForResourceResponse {
  const { tags } = requireTagged({ sql }, input.ResourceARN, call)
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

/** Tags of a request as a record. */
export function readTags(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return checked(Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])))
}

function checked(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const keys = Object.keys(tags)
  if (keys.some((key) => key === '' || key.length > 128 || key.toLowerCase().startsWith('aws:')))
    throw invalid('Parameter Tags is not valid.')
  if (keys.length > MOST_TAGS) throw invalid(`The number of tags exceeds the limit of ${MOST_TAGS}.`)
  return tags
}

function requireTagged({ sql }: Pick<EventsContext, 'sql'>, arn: string | undefined, call: Call): RuleRecord {
  const [, name] = /^arn:aws:events:[a-z0-9-]+:\d{12}:rule\/(?:default\/)?([.\-_A-Za-z0-9]+)$/u.exec(arn ?? '') ?? []
  if (name === undefined)
    throw invalid(`Parameter ${arn ?? ''} is not valid. Reason: Provided Arn is not in correct format.`)
  return requireRule(sql, call.region, name)
}
