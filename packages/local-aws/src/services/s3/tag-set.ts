import type { Tag } from '@aws-sdk/client-s3'
import { AwsError } from '../../service.ts'
import { invalidArgument } from './s3-errors.ts'

/** A tag as stored. */
export interface StoredTag {
  readonly Key: string
  readonly Value: string
}

const MAX_OBJECT_TAGS = 10
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Checked tags of a bucket or an object: keys of 1 to 128, values of 0 to 256 characters, no key twice. */
export function tagSetOf(tags: readonly Tag[] | undefined): readonly StoredTag[] {
  const checked = (tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }))
  for (const { Key, Value } of checked) {
    if (Key.length === 0 || Key.length > 128 || !ALLOWED.test(Key))
      throw invalidTag('The TagKey you have provided is invalid', Key)
    if (Value.length > 256 || !ALLOWED.test(Value)) throw invalidTag('The TagValue you have provided is invalid', Key)
    if (Key.startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester', Key)
  }
  const seen = new Set<string>()
  for (const { Key } of checked) {
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', Key)
    seen.add(Key)
  }
  return checked
}

/** An object has ten tags at most. */
export function objectTagSetOf(tags: readonly Tag[] | undefined): readonly StoredTag[] {
  const checked = tagSetOf(tags)
  if (checked.length > MAX_OBJECT_TAGS) {
    throw new AwsError('BadRequest', 'Object tags cannot be greater than 10', { status: 400 })
  }
  return checked
}

/** The `x-amz-tagging` header: tags as the query of a URL. */
export function tagSetOfHeader(header: string | undefined): readonly StoredTag[] {
  if (header === undefined || header === '') return []
  const pairs = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }))
  if (new Set(pairs.map(({ Key }) => Key)).size < pairs.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    )
  }
  return objectTagSetOf(pairs)
}

/** Reads stored tags back. */
export function readTagSet(json: string): readonly StoredTag[] {
  const value: unknown = JSON.parse(json)
  return Array.isArray(value) ? value.filter((tag) => isTag(tag)) : []
}

function isTag(value: unknown): value is StoredTag {
  return typeof value === 'object' && value !== null && 'Key' in value && 'Value' in value
}

function invalidTag(message: string, key: string): AwsError {
  return new AwsError('InvalidTag', message, { status: 400, details: { TagKey: key } })
}
