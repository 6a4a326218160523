import type { ObjectRecord } from './object-record.ts'
import { noSuchKey, notImplemented, preconditionFailed } from './s3-errors.ts'

/** The conditions of a write. */
export interface WriteConditions {
  readonly Key?: string | undefined
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}

/**
 * Lets a write pass only if the object is the one that the caller expects: none (`If-None-Match: *`), or this ETag. A
 * conflict is 412; an expected ETag without an object 404. Other values are rejected, as on AWS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(
  { Key = '', IfMatch, IfNoneMatch }: WriteConditions,
  existing: ObjectRecord | undefined,
): void {
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw notImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request')
  }
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw notAccepted('If-None-Match')
    if (existing) throw preconditionFailed('If-None-Match')
  }
  if (IfMatch !== undefined) {
    if (IfMatch === '*') throw notAccepted('If-Match')
    if (!existing) throw noSuchKey(Key)
    if (bare(IfMatch) !== existing.etag) throw preconditionFailed('If-Match')
  }
}

/** A delete may expect an ETag or any object (`*`); it passes if there is no object. */
export function checkDelete(ifMatch: string | undefined, existing: ObjectRecord | undefined): void {
  if (ifMatch === undefined || !existing) return
  if (ifMatch !== '*' && bare(ifMatch) !== existing.etag) throw preconditionFailed('If-Match')
}

/** An ETag without its quotes. */
export function bare(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/, '$1')
}

function notAccepted(header: string): Error {
  return notImplemented(header, `We don't accept the provided value of ${header} header for this API`)
}
