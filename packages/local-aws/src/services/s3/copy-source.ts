import type { Call } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import { findBucket } from './find-bucket.ts'
import { type ObjectRecord, requireObject } from './object-record.ts'
import { checkCopySource } from './read-conditions.ts'
import { refuseVersion } from './refuse-unsupported.ts'
import { accessDenied, invalidArgument, noSuchBucket } from './s3-errors.ts'

/** The source of a copy. */
export interface CopySource {
  readonly bucket: string
  readonly object: ObjectRecord
}

/** The members of a copy request that identify its source. */
export interface CopySourceRequest {
  readonly CopySource?: string | undefined
  readonly CopySourceIfMatch?: string | undefined
  readonly CopySourceIfModifiedSince?: Date | undefined
  readonly CopySourceIfNoneMatch?: string | undefined
  readonly CopySourceIfUnmodifiedSince?: Date | undefined
  readonly ExpectedSourceBucketOwner?: string | undefined
}

/** Finds the object that `x-amz-copy-source` (`bucket/key`, URL-encoded, maybe `?versionId=`) names, and checks its conditions. */
export function findCopySource(sql: Sql, input: CopySourceRequest, call: Call): CopySource {
  const { name, key, version } = readCopySource(input.CopySource ?? '')
  const bucket = findBucket(sql, name)
  if (!bucket) throw noSuchBucket(name)
  const owner = input.ExpectedSourceBucketOwner
  if ((owner !== undefined && owner !== bucket.account) || bucket.account !== call.caller.accountId)
    throw accessDenied()
  refuseVersion(version)
  const object = requireObject(sql, name, key)
  checkCopySource(
    {
      IfMatch: input.CopySourceIfMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    object,
  )
  return { bucket: name, object }
}

/** Reads `x-amz-copy-source`. */
export function readCopySource(header: string): { name: string; key: string; version: string | undefined } {
  const [encoded = '', version] = header.split('?versionId=')
  const path = decode(encoded).replace(/^\//, '')
  const slash = path.indexOf('/')
  if (slash < 1 || slash === path.length - 1) {
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', 'x-amz-copy-source')
  }
  return { name: path.slice(0, slash), key: path.slice(slash + 1), version }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidArgument('Invalid copy source encoding', 'x-amz-copy-source', text)
  }
}
