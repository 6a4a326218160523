/** Who signed, for which region and service: the credential scope of a signature, version 4. */
export interface Credential {
  readonly accessKeyId: string
  readonly region: string
  readonly service: string
  readonly sessionToken: string | undefined
}

/** From the `Authorization` header, or from the query of a presigned address; nothing of an unsigned request. */
export function readCredential(
  headers: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Credential | undefined {
  const scope = /Credential=([^,\s]+)/.exec(headers['authorization'] ?? '')?.[1] ?? query.get('X-Amz-Credential')
  const parts = scope?.split('/') ?? []
  // An access key of a made-up account may hold slashes; date, region, service and `aws4_request` end the scope.
  const [, region, service] = parts.slice(-4)
  if (parts.length < 5 || region === undefined || service === undefined) return undefined
  const sessionToken = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined
  return { accessKeyId: parts.slice(0, -4).join('/'), region, service, sessionToken }
}
