import { type Tags, isManaged } from './desired/tags.ts'
import { sameDocument } from './policy/same-document.ts'
import type { Change, Difference, Resource } from './resource.ts'

/** The change that these differences require; undefined without differences. */
export function updateOf(options: {
  readonly resource: Resource
  readonly differences: readonly Difference[]
  readonly wanted: Tags
  readonly found: Tags
}): Change | undefined {
  const { resource, wanted, found } = options
  const differences = [...options.differences, ...differentTags(wanted, found)]
  if (differences.length === 0) return undefined
  const adopted = isManaged(found, wanted['prefix'] ?? '') ? {} : ({ adopted: true } as const)
  return { resource, action: 'update', differences, ...adopted }
}

/** The field if the two texts differ, as a list of none or one. */
export function different(field: string, from: string | undefined, to: string): readonly Difference[] {
  return from === to ? [] : [{ field, to, ...(from !== undefined && { from }) }]
}

/** Like {@link different}, for JSON documents that AWS may write in another form. */
export function differentDocument(field: string, from: string | undefined, to: string): readonly Difference[] {
  return sameDocument(from, to) ? [] : different(field, from, to)
}

/** Only our own tags are compared: people may add others. */
function differentTags(wanted: Tags, found: Tags): readonly Difference[] {
  return Object.entries(wanted).flatMap(([key, value]) => different(`tag ${key}`, found[key], value))
}

/** Whether one of the differences is in this field, or in one whose name starts with it. */
export function touches(change: Change, field: string): boolean {
  return change.differences.some((difference) => difference.field.startsWith(field))
}
