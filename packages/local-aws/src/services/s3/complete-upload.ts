import { createHash } from 'node:crypto'
import type { CompletedPart, CompleteMultipartUploadRequest } from '@aws-sdk/client-s3'
import { type Call, AwsError } from '../../service.ts'
import type { Sql } from '../../sql.ts'
import { type Algorithm, type Checksum, checksumMember, checksumOf, givenChecksum } from './checksums.ts'
import { requireBucket } from './find-bucket.ts'
import { readChunks } from './object-body.ts'
import { findObject, replaceObject } from './object-record.ts'
import type { S3Context } from './s3-context.ts'
import { invalidRequest } from './s3-errors.ts'
import { type PartRecord, type UploadRecord, partsOf, requireUpload } from './upload-record.ts'
import { bare, checkWrite } from './write-conditions.ts'

const MIN_PART_BYTES = 5 * 1024 * 1024

/** Creates an object from the upload's parts that the request lists, in its order. */
export function completeMultipartUpload(
  { sql, clock, emit }: S3Context,
  input: CompleteMultipartUploadRequest,
  call: Call,
): object {
  const { name: bucket } = requireBucket(sql, input, call)
  const upload = requireUpload(sql, bucket, input)
  const parts = chooseParts(input.MultipartUpload?.Parts ?? [], upload, partsOf(sql, upload.id))
  checkChecksumType(input, upload)
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
    )
  }
  const etag = `${createHash('md5')
    .update(Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))
    .digest('hex')}-${parts.length}`
  const checksum = sql.atomically(() => {
    checkWrite(input, findObject(sql, bucket, upload.key))
    const { key, headers, metadata, tags } = upload
    const checksumType = upload.checksumType ?? 'FULL_OBJECT'
    const pending: Checksum = { algorithm: upload.algorithm ?? 'CRC64NVME', value: '' }
    const id = replaceObject(
      sql,
      { bucket, key, size, now: clock.now() },
      { etag, headers, metadata, tags, checksum: pending, checksumType, parts: parts.length },
    )
    moveParts(sql, upload, { id, parts })
    const made = checksumOfWhole(sql, upload, { id, parts })
    refuseOtherChecksum(givenChecksum(input), made)
    sql.run('UPDATE s3_objects SET checksum = ? WHERE id = ?', made.value, id)
    sql.run('DELETE FROM s3_uploads WHERE id = ?', upload.id)
    return made
  })
  emit('object-put', bucket, upload.key)
  return {
    Location: `${call.baseUrl}/${bucket}/${encodeURIComponent(upload.key).replaceAll('%2F', '/')}`,
    Bucket: bucket,
    Key: upload.key,
    ETag: `"${etag}"`,
    ServerSideEncryption: upload.headers.ServerSideEncryption,
    ...checksumMember(checksum),
    ChecksumType: upload.checksumType ?? 'FULL_OBJECT',
  }
}

function chooseParts(
  wanted: readonly CompletedPart[],
  upload: UploadRecord,
  stored: readonly PartRecord[],
): readonly PartRecord[] {
  if (wanted.length === 0) throw invalidRequest('You must specify at least one part')
  const numbers = wanted.map(({ PartNumber = 0 }) => PartNumber)
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
      { status: 400, details: { UploadId: upload.id } },
    )
  }
  const chosen = wanted.map((part) => choosePart(part, upload, stored))
  const small = chosen.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES)
  if (small) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      status: 400,
      details: {
        ETag: small.etag,
        PartNumber: `${small.number}`,
        ProposedSize: `${small.size}`,
        MinSizeAllowed: `${MIN_PART_BYTES}`,
      },
    })
  }
  return chosen
}

function choosePart(wanted: CompletedPart, upload: UploadRecord, stored: readonly PartRecord[]): PartRecord {
  const etag = bare(wanted.ETag ?? '')
  const part = stored.find(({ number }) => number === wanted.PartNumber)
  const given = givenChecksum(wanted)
  const { algorithm } = upload
  if (part && algorithm && upload.checksumType === 'COMPOSITE' && !given) {
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    )
  }
  const isSame = !given || (given.algorithm === algorithm && given.value === part?.checksum)
  if (part && part.etag === etag && isSame) return part
  throw new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { status: 400, details: { ETag: etag, PartNumber: `${wanted.PartNumber}`, UploadId: upload.id } },
  )
}

function checkChecksumType({ ChecksumType }: CompleteMultipartUploadRequest, { checksumType }: UploadRecord): void {
  if (ChecksumType === undefined || ChecksumType === checksumType) return
  throw invalidRequest(
    `The upload was created using the ${checksumType ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
  )
}

interface Assembled {
  readonly id: number
  readonly parts: readonly PartRecord[]
}

function moveParts(sql: Sql, upload: UploadRecord, { id, parts }: Assembled): void {
  let start = 0
  for (const [index, part] of parts.entries()) {
    sql.run(
      `INSERT INTO s3_chunks (object, number, start, size, checksum, data)
        SELECT ?, ?, ?, size, checksum, data FROM s3_parts WHERE upload = ? AND number = ?`,
      id,
      index + 1,
      start,
      upload.id,
      part.number,
    )
    start += part.size
  }
}

/** Of the parts' checksums (with `-<parts>` at the end), or of all bytes. */
function checksumOfWhole(sql: Sql, upload: UploadRecord, { id, parts }: Assembled): Checksum {
  const algorithm: Algorithm = upload.algorithm ?? 'CRC64NVME'
  if (upload.checksumType !== 'COMPOSITE') return { algorithm, value: checksumOf(algorithm, readChunks(sql, id)) }
  const joined = Buffer.concat(parts.map(({ checksum = '' }) => Buffer.from(checksum, 'base64')))
  return { algorithm, value: `${checksumOf(algorithm, joined)}-${parts.length}` }
}

function refuseOtherChecksum(given: Checksum | undefined, made: Checksum): void {
  if (!given || (given.algorithm === made.algorithm && given.value === made.value)) return
  const isBare = given.algorithm === made.algorithm && made.value.startsWith(`${given.value}-`)
  if (isBare) return
  throw new AwsError(
    'BadDigest',
    `The ${given.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    { status: 400 },
  )
}
