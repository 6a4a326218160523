import type { GetObjectAclRequest, GetObjectAttributesRequest, ListObjectVersionsRequest } from '@aws-sdk/client-s3'
import type { Call } from '../../service.ts'
import { ownerOf, requireBucket } from './find-bucket.ts'
import { checksumMember } from './checksums.ts'
import { encodeKey } from './encode-key.ts'
import { listKeys } from './list-keys.ts'
import { type ObjectRecord, requireObject } from './object-record.ts'
import { refuseVersion } from './refuse-unsupported.ts'
import type { S3Context } from './s3-context.ts'

// Other views of objects: attributes, owner, and versions (always one, `null`).

export function getObjectAttributes({ sql }: S3Context, input: GetObjectAttributesRequest, call: Call): object {
  const { name } = requireBucket(sql, input, call)
  refuseVersion(input.VersionId)
  const object = requireObject(sql, name, input.Key)
  const wanted = new Set<string>(input.ObjectAttributes)
  return {
    LastModified: new Date(object.modified),
    ...(wanted.has('ETag') && { ETag: object.etag }),
    ...(wanted.has('Checksum') && {
      Checksum: { ...checksumMember(object.checksum), ChecksumType: object.checksumType },
    }),
    ...(wanted.has('ObjectParts') && object.parts !== undefined && { ObjectParts: { TotalPartsCount: object.parts } }),
    ...(wanted.has('StorageClass') && { StorageClass: object.headers.StorageClass ?? 'STANDARD' }),
    ...(wanted.has('ObjectSize') && { ObjectSize: object.size }),
  }
}

export function getObjectAcl({ sql }: S3Context, input: GetObjectAclRequest, call: Call): object {
  const { name, account } = requireBucket(sql, input, call)
  refuseVersion(input.VersionId)
  requireObject(sql, name, input.Key)
  const owner = ownerOf(account)
  return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] }
}

export function listObjectVersions({ sql }: S3Context, input: ListObjectVersionsRequest, call: Call): object {
  const { name, account } = requireBucket(sql, input, call)
  const encode = encodeKey(input.EncodingType)
  const max = Math.min(input.MaxKeys ?? 1000, 1000)
  const { KeyMarker: after = '', Prefix: prefix = '', Delimiter: delimiter } = input
  const { found, isTruncated } = listKeys(sql, { bucket: name, prefix, delimiter, after, max })
  const last = found.at(-1)
  return {
    Name: name,
    Prefix: encode(prefix),
    KeyMarker: encode(after),
    VersionIdMarker: input.VersionIdMarker ?? '',
    MaxKeys: max,
    IsTruncated: isTruncated,
    ...(delimiter && { Delimiter: encode(delimiter) }),
    ...(input.EncodingType && { EncodingType: input.EncodingType }),
    ...(isTruncated && last && { NextKeyMarker: encode(last.name), NextVersionIdMarker: 'null' }),
    Versions: found.flatMap((listed) =>
      listed.kind === 'object' ? [describeVersion(listed.object, encode, account)] : [],
    ),
    CommonPrefixes: found.flatMap((listed) => (listed.kind === 'prefix' ? [{ Prefix: encode(listed.name) }] : [])),
  }
}

function describeVersion(object: ObjectRecord, encode: (key: string) => string, account: string): object {
  return {
    Key: encode(object.key),
    VersionId: 'null',
    IsLatest: true,
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: [object.checksum.algorithm],
    ChecksumType: object.checksumType,
    Size: object.size,
    StorageClass: object.headers.StorageClass ?? 'STANDARD',
    LastModified: new Date(object.modified),
    Owner: ownerOf(account),
  }
}
