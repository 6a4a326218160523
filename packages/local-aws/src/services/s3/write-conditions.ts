import type { ObjectRecord } from './object-record.ts'
import { noSuchKey, notImplemented, preconditionFailed } from './s3-errors.ts'

/** The conditions that a write may carry. */
export interface WriteConditions {
  readonly Key?: string | undefined
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}

/**
 * Lets a write pass only if what is there is what the caller expects: nothing (`If-None-Match: *`), or a certain ETag.
 * A write that lost is 412; one that expects an ETag where nothing is, 404. Other values are not taken, as on AWS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite({ Key = '', IfMatch, IfNoneMatch }: WriteConditions, there: ObjectRecord | undefined): void {
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw notImplemented('If-Match,If-None-Match', 'Multiple conditional request headers present in the request')
  }
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw notAccepted('If-None-Match')
    if (there) throw preconditionFailed('If-None-Match')
  }
  if (IfMatch !== undefined) {
    if (IfMatch === '*') throw notAccepted('If-Match')
    if (!there) throw noSuchKey(Key)
    if (bare(IfMatch) !== there.etag) throw preconditionFailed('If-Match')
  }
}

/** A delete may expect an ETag, or anything at all (`*`); it passes where nothing is there. */
export function checkDelete(ifMatch: string | undefined, there: ObjectRecord | undefined): void {
  if (ifMatch === undefined || !there) return
  if (ifMatch !== '*' && bare(ifMatch) !== there.etag) throw preconditionFailed('If-Match')
}

/** An ETag without its quotes. */
export function bare(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/, '$1')
}

function notAccepted(header: string): Error {
  return notImplemented(header, `We don't accept the provided value of ${header} header for this API`)
}
