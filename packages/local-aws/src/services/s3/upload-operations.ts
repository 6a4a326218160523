import type {
  AbortMultipartUploadRequest,
  CreateMultipartUploadRequest,
  UploadPartCopyRequest,
  UploadPartRequest,
} from '@aws-sdk/client-s3'
import { LETTERS_AND_DIGITS, pickCharacters } from '../../random.ts'
import type { Call } from '../../service.ts'
import { readSetting } from './bucket-settings.ts'
import { readRange } from './byte-range.ts'
import {
  type Checksum,
  checksumMember,
  checksumOf,
  givenChecksum,
  verifyChecksum,
  verifyContentMd5,
  type Algorithm,
  algorithmOf,
} from './checksums.ts'
import { findCopySource } from './copy-source.ts'
import { encryptionOf, refuseObjectLock } from './encryption.ts'
import { requireBucket } from './find-bucket.ts'
import { checkBodySize, readBody } from './object-body.ts'
import { checkMetadata, headersOf } from './object-headers.ts'
import { checkKey } from './object-record.ts'
import { refuseAcl } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'
import { invalidArgument, invalidRequest } from './s3-errors.ts'
import { tagSetOfHeader } from './tag-set.ts'
import { type UploadRecord, requireUpload } from './upload-record.ts'

type UploadPartInput = Omit<UploadPartRequest, 'Body'> & { readonly Body?: Uint8Array | undefined }

export function createMultipartUpload(
  { sql, clock, random }: S3Context,
  input: CreateMultipartUploadRequest,
  call: Call,
): object {
  const { name: bucket } = requireBucket(sql, input, call)
  const key = checkKey(input.Key)
  refuseAcl(input, readSetting(sql, bucket, 'ownership')?.['ObjectOwnership'])
  refuseObjectLock(input)
  const { algorithm, type } = uploadChecksumOf(input.ChecksumAlgorithm, input.ChecksumType)
  const encryption = encryptionOf(input, { sql, bucket, call })
  const id = pickCharacters(random, `${LETTERS_AND_DIGITS}._`, 64)
  sql.run(
    'INSERT INTO s3_uploads (id, bucket, key, started, headers, metadata, tags, checksum_algorithm, checksum_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    id,
    bucket,
    key,
    clock.now(),
    JSON.stringify({ ...headersOf(input), ...encryption }),
    JSON.stringify(checkMetadata(input.Metadata)),
    JSON.stringify(tagSetOfHeader(input.Tagging)),
    algorithm ?? null,
    type ?? null,
  )
  return {
    Bucket: bucket,
    Key: key,
    UploadId: id,
    ...encryption,
    ...(algorithm && { ChecksumAlgorithm: algorithm, ChecksumType: type }),
  }
}

export function uploadPart(context: S3Context, input: UploadPartInput, call: Call): object {
  const { sql } = context
  const { name } = requireBucket(sql, input, call)
  const upload = requireUpload(sql, name, input)
  const body = input.Body ?? new Uint8Array()
  checkBodySize(body)
  verifyContentMd5(input.ContentMD5, body)
  const given = givenChecksum(input)
  if (given && upload.algorithm && given.algorithm !== upload.algorithm) throw otherAlgorithm(upload, given)
  const checksum = given ? verifyChecksum(given, body) : ownChecksum(upload, body)
  // An upload without an algorithm verifies a part's checksum and does not store it (recorded on AWS:
  // test_complete_multipart_parts_checksum_default).
  const etag = storePart(context, upload, {
    number: input.PartNumber,
    body,
    checksum: upload.algorithm && checksum,
  })
  return { ETag: `"${etag}"`, ...encryptionMember(upload), ...(checksum && checksumMember(checksum)) }
}

export function uploadPartCopy(context: S3Context, input: UploadPartCopyRequest, call: Call): object {
  const { sql, clock } = context
  const { name } = requireBucket(sql, input, call)
  const upload = requireUpload(sql, name, input)
  const { object } = findCopySource(sql, input, call)
  const range = readRange(input.CopySourceRange, object.size)
  if (input.CopySourceRange !== undefined && !range) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      input.CopySourceRange,
    )
  }
  const body = readBody(sql, object, range)
  const checksum = ownChecksum(upload, body)
  const etag = storePart(context, upload, { number: input.PartNumber, body, checksum })
  const LastModified = new Date(clock.now())
  return {
    CopyPartResult: { ETag: `"${etag}"`, LastModified, ...(checksum && checksumMember(checksum)) },
    ...encryptionMember(upload),
  }
}

export function abortMultipartUpload({ sql }: S3Context, input: AbortMultipartUploadRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  sql.run('DELETE FROM s3_uploads WHERE id = ?', requireUpload(sql, name, input).id)
  return {}
}

function storePart({ sql, clock }: S3Context, upload: UploadRecord, { number, body, checksum }: Part): string {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', `${number}`)
  }
  const etag = Buffer.from(checksumOf('MD5', body), 'base64').toString('hex')
  sql.run(
    'INSERT OR REPLACE INTO s3_parts (upload, number, size, etag, checksum, modified, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    upload.id,
    number,
    body.byteLength,
    etag,
    checksum?.value ?? null,
    clock.now(),
    body,
  )
  return etag
}

interface Part {
  readonly number: number | undefined
  readonly body: Uint8Array
  readonly checksum: Checksum | undefined
}

function ownChecksum({ algorithm }: UploadRecord, body: Uint8Array): Checksum | undefined {
  return algorithm && { algorithm, value: checksumOf(algorithm, body) }
}

function encryptionMember({ headers: { ServerSideEncryption, SSEKMSKeyId } }: UploadRecord): object {
  return { ServerSideEncryption, ...(SSEKMSKeyId !== undefined && { SSEKMSKeyId }) }
}

function otherAlgorithm(upload: UploadRecord, given: Checksum): Error {
  const [expected, actual] = [upload.algorithm?.toLowerCase() ?? '', given.algorithm.toLowerCase()]
  return invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
  )
}

/** How the checksum of an object of parts is computed. */
interface UploadChecksum {
  readonly algorithm: Algorithm | undefined
  readonly type: 'COMPOSITE' | 'FULL_OBJECT' | undefined
}

/** Algorithms that cannot be FULL_OBJECT, and the one that can only be. */
const NEVER_WHOLE: ReadonlySet<Algorithm> = new Set<Algorithm>(['SHA1', 'SHA256', 'SHA512', 'MD5'])

/** Reads an upload's algorithm and type, and rejects pairs that do not match. */
function uploadChecksumOf(name: string | undefined, type: string | undefined): UploadChecksum {
  if (name === undefined) {
    if (type === undefined) return { algorithm: undefined, type: undefined }
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.')
  }
  const algorithm = algorithmOf(name.toUpperCase())
  if (!algorithm) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    )
  }
  const isWhole = type === undefined ? algorithm === 'CRC64NVME' : type === 'FULL_OBJECT'
  if (isWhole ? NEVER_WHOLE.has(algorithm) : algorithm === 'CRC64NVME') {
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  }
  return { algorithm, type: isWhole ? 'FULL_OBJECT' : 'COMPOSITE' }
}
