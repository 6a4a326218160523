import { AwsError } from '../../service.ts'

/** Headers that S3 stores with an object and returns; `Expires` in milliseconds since the epoch. */
export interface ObjectHeaders {
  readonly CacheControl?: string
  readonly ContentDisposition?: string
  readonly ContentEncoding?: string
  readonly ContentLanguage?: string
  readonly ContentType?: string
  readonly Expires?: number
  readonly WebsiteRedirectLocation?: string
  readonly StorageClass?: string
  readonly ServerSideEncryption?: string
  readonly SSEKMSKeyId?: string
  readonly BucketKeyEnabled?: boolean
}

/** The same, as in a request. */
export interface HeadersRequest {
  readonly CacheControl?: string | undefined
  readonly ContentDisposition?: string | undefined
  readonly ContentEncoding?: string | undefined
  readonly ContentLanguage?: string | undefined
  readonly ContentType?: string | undefined
  readonly Expires?: Date | undefined
  readonly WebsiteRedirectLocation?: string | undefined
  readonly StorageClass?: string | undefined
}

const STORAGE_CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
])
const METADATA_LIMIT = 2048

/** The headers to store. `aws-chunked` is about the transfer only, and is not stored. */
export function headersOf(request: HeadersRequest): ObjectHeaders {
  const { StorageClass = 'STANDARD' } = request
  if (!STORAGE_CLASSES.has(StorageClass)) {
    throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', {
      status: 400,
      details: { StorageClassRequested: StorageClass },
    })
  }
  const encoding = request.ContentEncoding?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked' && part !== '')
    .join(',')
  return {
    ContentType: request.ContentType ?? 'binary/octet-stream',
    StorageClass,
    ...(request.CacheControl !== undefined && { CacheControl: request.CacheControl }),
    ...(request.ContentDisposition !== undefined && { ContentDisposition: request.ContentDisposition }),
    ...(encoding && { ContentEncoding: encoding }),
    ...(request.ContentLanguage !== undefined && { ContentLanguage: request.ContentLanguage }),
    ...(request.Expires && { Expires: request.Expires.getTime() }),
    ...(request.WebsiteRedirectLocation !== undefined && { WebsiteRedirectLocation: request.WebsiteRedirectLocation }),
  }
}

/** User metadata: 2 KB at most, names and values together. */
export function checkMetadata(
  metadata: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  const size = pairs.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0)
  if (size > METADATA_LIMIT) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      status: 400,
      details: { Size: `${size}`, MaxSizeAllowed: `${METADATA_LIMIT}` },
    })
  }
  return Object.fromEntries(pairs)
}

/** A response's headers: the stored ones, without those that S3 omits. */
export function describeHeaders({ Expires, StorageClass, ...stored }: ObjectHeaders): object {
  return {
    ...stored,
    ...(Expires !== undefined && { Expires: new Date(Expires), ExpiresString: new Date(Expires).toUTCString() }),
    ...(StorageClass !== 'STANDARD' && { StorageClass }),
  }
}
