import { AwsError } from '../service.ts'
import type { WireRequest } from './protocol.ts'

const signature = /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/i

/**
 * A presigned address carries in its query what other requests carry in headers; it ends after `X-Amz-Expires`
 * seconds (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
 */
export function readPresigned(request: WireRequest): WireRequest {
  if (!request.query.has('X-Amz-Signature')) return request
  refuseExpired(request)
  const headers = { ...request.headers }
  for (const [name, value] of request.query) {
    if (/^x-amz-/i.test(name) && !signature.test(name)) headers[name.toLowerCase()] ??= value
  }
  return { ...request, headers }
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
