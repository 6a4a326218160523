import type { ListMultipartUploadsRequest, ListPartsRequest } from '@aws-sdk/client-s3'
import type { Call } from '../../service.ts'
import { ownerOf, requireBucket } from './find-bucket.ts'
import { checksumMember } from './checksums.ts'
import { encodeKey } from './encode-key.ts'
import type { S3Context } from './s3-context.ts'
import { invalidArgument, notImplemented } from './s3-errors.ts'
import { type PartRecord, type UploadRecord, allUploads, partsOf, requireUpload } from './upload-record.ts'

const MAX_ENTRIES = 1000

export function listParts({ sql }: S3Context, input: ListPartsRequest, call: Call): object {
  const { name, account } = requireBucket(sql, input, call)
  const upload = requireUpload(sql, name, input)
  const max = checkMax('max-parts', input.MaxParts)
  const after = Number(input.PartNumberMarker ?? '0')
  const rest = partsOf(sql, upload.id).filter(({ number }) => number > after)
  const parts = rest.slice(0, max)
  return {
    Bucket: name,
    ...describeUpload(upload, account),
    PartNumberMarker: `${after}`,
    NextPartNumberMarker: `${parts.at(-1)?.number ?? 0}`,
    MaxParts: max,
    IsTruncated: rest.length > parts.length,
    Parts: parts.map((part) => describePart(part, upload)),
  }
}

export function listMultipartUploads({ sql }: S3Context, input: ListMultipartUploadsRequest, call: Call): object {
  const { name, account } = requireBucket(sql, input, call)
  if (input.Delimiter) throw notImplemented('delimiter')
  const max = checkMax('max-uploads', input.MaxUploads)
  const encode = encodeKey(input.EncodingType)
  const matching = allUploads(sql, name).filter(({ key }) => key.startsWith(input.Prefix ?? ''))
  const from = input.KeyMarker ? firstBehind(matching, input.KeyMarker, input.UploadIdMarker) : 0
  const page = matching.slice(from, from + max)
  const last = page.at(-1)
  const isTruncated = from + page.length < matching.length
  return {
    Bucket: name,
    KeyMarker: encode(input.KeyMarker ?? ''),
    UploadIdMarker: input.UploadIdMarker ?? '',
    Prefix: encode(input.Prefix ?? ''),
    MaxUploads: max,
    IsTruncated: isTruncated,
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    ...(isTruncated && last && { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.id }),
    Uploads: page.map((upload) => describeListed(upload, account, encode)),
  }
}

function describeUpload(upload: UploadRecord, account: string): object {
  const owner = ownerOf(account)
  return {
    Key: upload.key,
    UploadId: upload.id,
    Initiator: owner,
    Owner: owner,
    StorageClass: upload.headers.StorageClass ?? 'STANDARD',
    ...(upload.algorithm && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType }),
  }
}

function describePart({ number, size, etag, checksum, modified }: PartRecord, { algorithm }: UploadRecord): object {
  return {
    PartNumber: number,
    LastModified: new Date(modified),
    ETag: `"${etag}"`,
    Size: size,
    ...(algorithm && checksum !== undefined && checksumMember({ algorithm, value: checksum })),
  }
}

function describeListed(upload: UploadRecord, account: string, encode: (key: string) => string): object {
  return { ...describeUpload(upload, account), Key: encode(upload.key), Initiated: new Date(upload.started) }
}

/** Behind a certain upload of the marker's key, or behind all of that key. */
function firstBehind(uploads: readonly UploadRecord[], key: string, id: string | undefined): number {
  const at = uploads.findIndex((upload) => upload.key === key && (id === undefined || upload.id === id))
  if (at !== -1 && id !== undefined) return at + 1
  const behind = uploads.findIndex((upload) => Buffer.compare(Buffer.from(upload.key), Buffer.from(key)) > 0)
  return behind === -1 ? uploads.length : behind
}

function checkMax(name: string, max = MAX_ENTRIES): number {
  if (max < 0) throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, `${max}`)
  return Math.min(max, MAX_ENTRIES)
}
