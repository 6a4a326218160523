import type { CopyObjectRequest } from '@aws-sdk/client-s3'
import type { Call } from '../../service.ts'
import { readSetting } from './bucket-settings.ts'
import { type Checksum, algorithmOf, checksumMember, checksumOf } from './checksums.ts'
import { type CopySource, findCopySource } from './copy-source.ts'
import { type Encryption, encryptionOf, refuseObjectLock } from './encryption.ts'
import { requireBucket } from './find-bucket.ts'
import { readBody, writeBody } from './object-body.ts'
import { type ObjectHeaders, checkMetadata, headersOf } from './object-headers.ts'
import { checkKey, findObject, replaceObject } from './object-record.ts'
import { refuseAcl } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'
import { invalidArgument, invalidRequest } from './s3-errors.ts'
import { tagSetOfHeader } from './tag-set.ts'
import { checkWrite } from './write-conditions.ts'

/** Copies an object within S3, with its headers and tags or with new ones. */
export function copyObject({ sql, clock, emit }: S3Context, input: CopyObjectRequest, call: Call): object {
  const { name: bucket } = requireBucket(sql, input, call)
  const key = checkKey(input.Key)
  refuseAcl(input, readSetting(sql, bucket, 'ownership')?.['ObjectOwnership'])
  refuseObjectLock(input)
  checkDirective('x-amz-metadata-directive', input.MetadataDirective)
  checkDirective('x-amz-tagging-directive', input.TaggingDirective)
  const source = findCopySource(sql, input, call)
  refuseNoChange(input, source, { bucket, key })
  const encryption = encryptionOf(input, { sql, bucket, call })
  const copied = input.MetadataDirective === 'REPLACE' ? undefined : source.object
  const headers = copied ? copiedHeaders(copied.headers, input, encryption) : { ...headersOf(input), ...encryption }
  const body = readBody(sql, source.object)
  const checksum = checksumOfCopy(source, input.ChecksumAlgorithm, body)
  const etag = Buffer.from(checksumOf('MD5', body), 'base64').toString('hex')
  const now = clock.now()
  sql.atomically(() => {
    checkWrite(input, findObject(sql, bucket, key))
    const id = replaceObject(
      sql,
      { bucket, key, size: body.byteLength, now },
      {
        etag,
        headers,
        metadata: copied?.metadata ?? checkMetadata(input.Metadata),
        tags: input.TaggingDirective === 'REPLACE' ? tagSetOfHeader(input.Tagging) : source.object.tags,
        checksum,
        checksumType: 'FULL_OBJECT',
      },
    )
    writeBody(sql, id, body)
  })
  emit('object-put', bucket, key)
  return {
    CopyObjectResult: {
      ETag: `"${etag}"`,
      LastModified: new Date(Math.floor(now / 1000) * 1000),
      ...checksumMember(checksum),
      ChecksumType: 'FULL_OBJECT',
    },
    ...encryption,
  }
}

/** A copy of an object onto itself must change something. */
function refuseNoChange(
  input: CopyObjectRequest,
  source: CopySource,
  target: { readonly bucket: string; readonly key: string },
): void {
  if (source.bucket !== target.bucket || source.object.key !== target.key) return
  const changes = [
    input.StorageClass,
    input.WebsiteRedirectLocation,
    input.ServerSideEncryption,
    input.ChecksumAlgorithm,
  ]
  if (input.MetadataDirective === 'REPLACE' || changes.some((change) => change !== undefined)) return
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  )
}

/** Storage class, encryption and redirect belong to the request, never to the source. */
function copiedHeaders(source: ObjectHeaders, input: CopyObjectRequest, encryption: Encryption): ObjectHeaders {
  const { StorageClass, WebsiteRedirectLocation } = headersOf(input)
  const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, WebsiteRedirectLocation: left, ...copied } = source
  void [ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, left]
  return {
    ...copied,
    ...(StorageClass !== undefined && { StorageClass }),
    ...(WebsiteRedirectLocation !== undefined && { WebsiteRedirectLocation }),
    ...encryption,
  }
}

function checksumOfCopy({ object }: CopySource, wanted: string | undefined, body: Uint8Array): Checksum {
  const algorithm = algorithmOf(wanted) ?? object.checksum.algorithm
  const isSame = algorithm === object.checksum.algorithm && object.checksumType === 'FULL_OBJECT'
  return isSame ? object.checksum : { algorithm, value: checksumOf(algorithm, body) }
}

function checkDirective(header: string, value: string | undefined): void {
  if (value === undefined || value === 'COPY' || value === 'REPLACE') return
  throw invalidArgument(`Unknown ${header.slice('x-amz-'.length).replace('-', ' ')}.`, header, value)
}
