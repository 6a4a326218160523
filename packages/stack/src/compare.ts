import { type Tags, isManaged } from './desired/tags.ts'
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

/**
 * Whether two JSON documents mean the same to AWS. AWS may return a document with other white space and order, a list of
 * one as its only element, and numbers and booleans as text.
 */
export function sameDocument(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  return canonicalJson(left) === canonicalJson(right)
}

/** One form for all equivalent documents; text that is not JSON stays as it is. */
function canonicalJson(text: string): string {
  try {
    return JSON.stringify(canonical(JSON.parse(text)))
  } catch {
    return text
  }
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item)).toSorted(byText)
    return items.length === 1 ? items[0] : items
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, key === 'Principal' ? canonicalPrincipal(item) : canonical(item)] as const)
        .toSorted(byText),
    )
  }
  return String(value)
}

/** `"*"` and `{ "AWS": "*" }` name the same callers in a resource policy. */
function canonicalPrincipal(value: unknown): unknown {
  return value === '*' ? { AWS: '*' } : canonical(value)
}

function byText(left: unknown, right: unknown): number {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)]
  return a < b ? -1 : Number(a > b)
}
