import { AwsError } from '../../service.ts'
import type { ObjectRecord } from './object-record.ts'
import { preconditionFailed } from './s3-errors.ts'
import { bare } from './write-conditions.ts'

/** The conditions of a read. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined
  readonly IfModifiedSince?: Date | undefined
  readonly IfNoneMatch?: string | undefined
  readonly IfUnmodifiedSince?: Date | undefined
}

/**
 * 412 if the object is not the one that the caller expects, 304 if the caller already has it. An ETag takes
 * precedence over a date.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkRead(conditions: ReadConditions, object: ObjectRecord): void {
  const { IfMatch, IfUnmodifiedSince, IfNoneMatch, IfModifiedSince } = conditions
  if (IfMatch !== undefined) {
    if (!names(IfMatch, object.etag)) throw preconditionFailed('If-Match')
  } else if (IfUnmodifiedSince && object.modified > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('If-Unmodified-Since')
  }
  if (IfNoneMatch !== undefined) {
    if (names(IfNoneMatch, object.etag)) throw notModified(object)
  } else if (IfModifiedSince && object.modified <= IfModifiedSince.getTime()) {
    throw notModified(object)
  }
}

/** The same for the source of a copy: there, nothing is 304. */
export function checkCopySource(conditions: ReadConditions, object: ObjectRecord): void {
  const { IfMatch, IfUnmodifiedSince, IfNoneMatch, IfModifiedSince } = conditions
  if (IfMatch !== undefined) {
    if (!names(IfMatch, object.etag)) throw preconditionFailed('x-amz-copy-source-If-Match')
  } else if (IfUnmodifiedSince && object.modified > IfUnmodifiedSince.getTime()) {
    throw preconditionFailed('x-amz-copy-source-If-Unmodified-Since')
  }
  if (IfNoneMatch !== undefined) {
    if (names(IfNoneMatch, object.etag)) throw preconditionFailed('x-amz-copy-source-If-None-Match')
  } else if (IfModifiedSince && object.modified <= IfModifiedSince.getTime()) {
    throw preconditionFailed('x-amz-copy-source-If-Modified-Since')
  }
}

function names(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((part) => bare(part.trim().replace(/^W\//, '')))
    .some((value) => value === '*' || value === etag)
}

function notModified({ etag, modified }: ObjectRecord): AwsError {
  return new AwsError('NotModified', 'Not Modified', {
    status: 304,
    headers: { etag: `"${etag}"`, 'last-modified': new Date(modified).toUTCString() },
  })
}
