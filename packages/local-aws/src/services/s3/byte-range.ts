import { AwsError } from '../../service.ts'

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * Reads a `Range` header for an object of `size` bytes. Undefined unless it is a single range of bytes: S3 then
 * returns the whole object. Throws InvalidRange for a range beyond the end.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!parts || header === undefined) return undefined
  const [from, to] = [parts[1] ?? '', parts[2] ?? '']
  if (from === '' && to === '') return undefined
  const range =
    from === ''
      ? { first: Math.max(size - Number(to), 0), last: size - 1 }
      : { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  if (range.first >= size || (from === '' && Number(to) === 0)) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', {
      status: 416,
      details: { RangeRequested: header, ActualObjectSize: `${size}` },
    })
  }
  return range
}
