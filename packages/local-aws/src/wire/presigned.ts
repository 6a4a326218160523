import { AwsError } from '../service.ts'
import type { WireRequest } from './protocol.ts'

const signature = /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/i
const checksum = /^x-amz-(?:sdk-checksum-algorithm|checksum-(?:crc32c?|crc64nvme|sha1|sha256))$/i

/**
 * A presigned URL has in its query what other requests have in headers; it expires after `X-Amz-Expires` seconds
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
 */
export function readPresigned(request: WireRequest): WireRequest {
  if (request.query.has('AWSAccessKeyId')) refuseExpiredV2(request)
  if (!request.query.has('X-Amz-Signature')) return request
  refuseExpired(request)
  const headers = { ...request.headers }
  for (const [name, value] of request.query) {
    if (isHeader(name)) headers[name.toLowerCase()] ??= value
  }
  return { ...request, headers }
}

/**
 * The query's checksums are of the empty body that was signed: S3 ignores them.
 * https://github.com/ministackorg/ministack/issues/1695
 */
function isHeader(name: string): boolean {
  if (/^if-(?:none-)?match$/i.test(name)) return true
  return /^x-amz-/i.test(name) && !signature.test(name) && !checksum.test(name)
}

/** Version 2 expires at an epoch second: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html */
function refuseExpiredV2({ query, now }: WireRequest): void {
  const ends = new Date(Number(query.get('Expires') ?? Number.NaN) * 1000)
  if (Number.isNaN(ends.getTime()))
    throw new AwsError(
      'AccessDenied',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
      { status: 403 },
    )
  if (now <= ends.getTime()) return
  throw new AwsError('AccessDenied', 'Request has expired', {
    status: 403,
    details: { Expires: isoSecond(ends), ServerTime: isoSecond(new Date(now)) },
  })
}

function refuseExpired({ query, now }: WireRequest): void {
  const signedAt = readBasicDate(query.get('X-Amz-Date') ?? '')
  const seconds = Number(query.get('X-Amz-Expires'))
  if (signedAt === undefined || Number.isNaN(seconds)) return
  const ends = new Date(signedAt + seconds * 1000)
  if (now <= ends.getTime()) return
  throw new AwsError('AccessDenied', 'Request has expired', {
    status: 403,
    details: { 'X-Amz-Expires': seconds, Expires: isoSecond(ends), ServerTime: isoSecond(new Date(now)) },
  })
}

function readBasicDate(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

function isoSecond(value: Date): string {
  return value.toISOString().replace(/\.\d+Z$/, 'Z')
}
