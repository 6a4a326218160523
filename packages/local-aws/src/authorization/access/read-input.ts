import type { RequiredPermission } from '../required-permission.ts'
import type { Input } from './access.ts'

/** Text of an input's member; empty where it is absent. */
export function textIn(input: Input, member: string): string {
  const value = input[member]
  return typeof value === 'string' ? value : ''
}

/** The same, or undefined. */
export function optionalTextIn(input: Input, member: string): string | undefined {
  const value = input[member]
  return typeof value === 'string' ? value : undefined
}

/** The keys `aws:RequestTag/…` and `aws:TagKeys` of an input that carries tags, as a map or as a list of pairs. */
export function tagKeysOf(input: Input): NonNullable<RequiredPermission['keys']> {
  const pairs = tagsOf(input['Tags'] ?? input['tags'])
  if (pairs.length === 0) return {}
  return {
    ...Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': pairs.map(([key]) => key),
  }
}

/** The permission to create something. With tags in the request, `tag` is required, too: of the same, unless it says so. */
export function creating(
  input: Input,
  create: RequiredPermission,
  tag: Pick<RequiredPermission, 'action'> & Partial<RequiredPermission>,
): readonly RequiredPermission[] {
  return tagsOf(input['Tags'] ?? input['tags']).length === 0 ? [create] : [create, { ...create, ...tag }]
}

function tagsOf(found: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(found)) return found.flatMap((tag: unknown) => pairOf(tag))
  if (typeof found !== 'object' || found === null) return []
  return Object.entries(found).map(([key, value]) => [key, String(value)])
}

function pairOf(tag: unknown): readonly (readonly [string, string])[] {
  if (typeof tag !== 'object' || tag === null || !('Key' in tag) || typeof tag.Key !== 'string') return []
  return [[tag.Key, 'Value' in tag && typeof tag.Value === 'string' ? tag.Value : '']]
}
