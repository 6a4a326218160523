/** The access key, region and service of a signature, version 4 or (S3 only) version 2. */
export interface Credential {
  readonly accessKeyId: string
  /** Absent in version 2. */
  readonly region: string | undefined
  readonly service: string
  readonly sessionToken: string | undefined
}

/** From the `Authorization` header, or from the query of a presigned URL; undefined for an unsigned request. */
export function readCredential(
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Credential | undefined {
  const old = readOldKey(headers['authorization'], query)
  if (old !== undefined) return { accessKeyId: old, region: undefined, service: 's3', sessionToken: undefined }
  const scope = /Credential=([^,\s]+)/.exec(headers['authorization'] ?? '')?.[1] ?? query.get('X-Amz-Credential')
  const parts = scope?.split('/') ?? []
  // An access key of a made-up account may hold slashes; date, region, service and `aws4_request` end the scope.
  const [, region, service] = parts.slice(-4)
  if (parts.length < 5 || region === undefined || service === undefined) return undefined
  const sessionToken = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined
  return { accessKeyId: parts.slice(0, -4).join('/'), region, service, sessionToken }
}

/** `Authorization: AWS <key>:<signature>`, or the query of a presigned address, version 2. */
function readOldKey(authorization: string | undefined, query: URLSearchParams): string | undefined {
  const key = /^AWS ([^:\s]+):\S+$/.exec(authorization ?? '')?.[1]
  return key ?? (query.has('Signature') ? (query.get('AWSAccessKeyId') ?? undefined) : undefined)
}
