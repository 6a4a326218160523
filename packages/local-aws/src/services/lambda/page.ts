import { invalidParameter } from './lambda-errors.ts'

/** One page of a list, at most 50 items as on AWS. A marker is the position of the next page. */
export function page<Item>(
  all: readonly Item[],
  options: { marker: string | undefined; size: number | undefined },
): { items: readonly Item[]; next: string | undefined } {
  const start = options.marker === undefined ? 0 : readMarker(options.marker)
  const end = start + Math.min(50, Math.max(1, options.size ?? 50))
  const next = end < all.length ? Buffer.from(`from:${end}`).toString('base64url') : undefined
  return { items: all.slice(start, end), next }
}

function readMarker(marker: string): number {
  const place = /^from:(?<place>\d+)$/u.exec(Buffer.from(marker, 'base64url').toString())?.groups?.['place']
  if (place === undefined) throw invalidParameter('Invalid pagination token was provided.')
  return Number(place)
}
