import type { Cloud, CloudResponse } from '../http.ts'

/** A raw request of a test. */
export interface RawCall {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** An answer with its body as text. */
export interface RawAnswer extends CloudResponse {
  readonly text: string
}

/** Sends one request to a cloud, without an SDK. */
export async function callRaw(
  cloud: Cloud,
  { method = 'POST', target = '/', headers = {}, body = '' }: RawCall,
): Promise<RawAnswer> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const answer = await cloud({ method, target, headers: { host: 'cloud.test:4566', ...headers }, body: bytes })
  return { ...answer, text: new TextDecoder().decode(answer.body) }
}

/** The header of a request signed with unknown keys, which are the account's root. */
export function signedFor(service: string, region = 'us-east-1'): { readonly authorization: string } {
  const scope = `AKIA/20261124/${region}/${service}/aws4_request`
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` }
}

/** A call of the query protocol. */
export function callForm(
  cloud: Cloud,
  fields: Readonly<Record<string, string>>,
  headers: RawCall['headers'] = {},
): Promise<RawAnswer> {
  const type = 'application/x-www-form-urlencoded; charset=utf-8'
  const body = new URLSearchParams({ Version: '2012-11-05', ...fields }).toString()
  return callRaw(cloud, { headers: { 'content-type': type, ...headers }, body })
}

/** A call of the JSON protocols. */
export function callJson(
  cloud: Cloud,
  call: { readonly target: string; readonly input: unknown },
  headers: RawCall['headers'] = {},
): Promise<RawAnswer> {
  return callRaw(cloud, {
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': call.target, ...headers },
    body: JSON.stringify(call.input),
  })
}
