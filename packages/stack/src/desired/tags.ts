import { createHash } from 'node:crypto'

/** Value of the tag `app` on everything this product makes. */
export const APP = 'teams-ticketing'

export type Tags = Readonly<Record<string, string>>

/**
 * The tags of a resource: the product, the prefix, and a digest of what it was made from, so that a later run can
 * distinguish a changed description from a change by hand. Queues and bucket, which hold data, carry `system` too: the
 * name of the secret, by which the stack of an earlier prefix is found.
 */
export function tagsFor(prefix: string, madeFrom: unknown): Tags {
  const digest = createHash('sha256').update(stableJson(madeFrom)).digest('hex').slice(0, 16)
  return { app: APP, prefix, 'made-from': digest }
}

/** True for the tags that this product puts on a resource of this prefix. */
export function isManaged(tags: Tags | undefined, prefix: string): boolean {
  return tags?.['app'] === APP && tags['prefix'] === prefix
}

/** JSON with sorted keys: equal data, equal text. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
