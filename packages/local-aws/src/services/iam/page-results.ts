import { checkRange } from './check-parameters.ts'
import { validationError } from './iam-errors.ts'

/** Parameters of every IAM list. */
export interface PageRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** One page of a list, as IAM answers it. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** Cuts a sorted list: at most `MaxItems` (1 to 1,000, 100 by default) after the item that the marker names. */
export function pageOf<Item>(all: readonly Item[], request: PageRequest, keyOf: (item: Item) => string): Page<Item> {
  const size = checkRange('maxItems', request.MaxItems ?? 100, { min: 1, max: 1000 })
  const from = request.Marker === undefined ? 0 : all.findIndex((item) => markerOf(keyOf(item)) === request.Marker) + 1
  if (request.Marker !== undefined && from === 0) throw validationError(`Invalid Marker: ${request.Marker}`)
  const items = all.slice(from, from + size)
  const last = items.at(-1)
  if (last === undefined || from + size >= all.length) return { items, IsTruncated: false }
  return { items, IsTruncated: true, Marker: markerOf(keyOf(last)) }
}

function markerOf(key: string): string {
  return Buffer.from(key).toString('base64')
}
