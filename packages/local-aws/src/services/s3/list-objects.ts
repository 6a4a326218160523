import type { ListObjectsRequest, ListObjectsV2Request } from '@aws-sdk/client-s3'
import type { Call } from '../../service.ts'
import { ownerOf, requireBucket } from './find-bucket.ts'
import { encodeKey } from './encode-key.ts'
import { type Listed, listKeys } from './list-keys.ts'
import type { S3Context } from './s3-context.ts'
import { invalidArgument } from './s3-errors.ts'

const MAX_KEYS = 1000

export function listObjectsV2({ sql }: S3Context, input: ListObjectsV2Request, call: Call): object {
  const { name, account } = requireBucket(sql, input, call)
  const max = checkMaxKeys(input.MaxKeys)
  const encode = encodeKey(input.EncodingType)
  const { ContinuationToken: token, StartAfter: startAfter } = input
  const after = token === undefined ? (startAfter ?? '') : readToken(token)
  const { found, isTruncated } = listKeys(sql, { bucket: name, ...queryOf(input), after, max })
  const last = found.at(-1)
  return {
    Name: name,
    Prefix: encode(input.Prefix ?? ''),
    MaxKeys: max,
    KeyCount: found.length,
    IsTruncated: isTruncated,
    ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    ...(token !== undefined && { ContinuationToken: token }),
    ...(startAfter !== undefined && token === undefined && { StartAfter: encode(startAfter) }),
    ...(isTruncated && last && { NextContinuationToken: Buffer.from(last.name).toString('base64') }),
    Contents: contentsOf(found, encode, input.FetchOwner ? account : undefined),
    CommonPrefixes: prefixesOf(found, encode),
  }
}

export function listObjects({ sql }: S3Context, input: ListObjectsRequest, call: Call): object {
  const { name, account } = requireBucket(sql, input, call)
  const max = checkMaxKeys(input.MaxKeys)
  const encode = encodeKey(input.EncodingType)
  const after = input.Marker ?? ''
  const { found, isTruncated } = listKeys(sql, { bucket: name, ...queryOf(input), after, max })
  const last = found.at(-1)
  return {
    Name: name,
    Prefix: encode(input.Prefix ?? ''),
    Marker: encode(after),
    MaxKeys: max,
    IsTruncated: isTruncated,
    ...(input.Delimiter && { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    ...(isTruncated && last && input.Delimiter && { NextMarker: encode(last.name) }),
    Contents: contentsOf(found, encode, account),
    CommonPrefixes: prefixesOf(found, encode),
  }
}

function queryOf(input: ListObjectsV2Request | ListObjectsRequest): { prefix: string; delimiter: string | undefined } {
  return { prefix: input.Prefix ?? '', delimiter: input.Delimiter === '' ? undefined : input.Delimiter }
}

function checkMaxKeys(max = MAX_KEYS): number {
  if (max < 0)
    throw invalidArgument('Argument maxKeys must be an integer between 0 and 2147483647', 'maxKeys', `${max}`)
  return Math.min(max, MAX_KEYS)
}

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64').toString()
  if (token === '' || Buffer.from(name).toString('base64') !== token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
  }
  return name
}

function contentsOf(
  found: readonly Listed[],
  encode: (key: string) => string,
  account: string | undefined,
): readonly object[] {
  return found.flatMap((listed) => {
    if (listed.kind === 'prefix') return []
    const { key, modified, etag, size, headers, checksum, checksumType } = listed.object
    return [
      {
        Key: encode(key),
        LastModified: new Date(modified),
        ETag: `"${etag}"`,
        ChecksumAlgorithm: [checksum.algorithm],
        ChecksumType: checksumType,
        Size: size,
        StorageClass: headers.StorageClass ?? 'STANDARD',
        ...(account !== undefined && { Owner: ownerOf(account) }),
      },
    ]
  })
}

function prefixesOf(found: readonly Listed[], encode: (key: string) => string): readonly object[] {
  return found.flatMap((listed) => (listed.kind === 'prefix' ? [{ Prefix: encode(listed.name) }] : []))
}
