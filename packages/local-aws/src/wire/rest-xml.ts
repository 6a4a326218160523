import { AwsError } from '../service.ts'
import { unwrapChunks } from './aws-chunked.ts'
import { describeError } from './describe-error.ts'
import { escapeXml } from './escape-xml.ts'
import { matchRoute } from './match-route.ts'
import { readPresigned } from './presigned.ts'
import {
  bytes,
  noBytes,
  type Protocol,
  type WireAnswer,
  type WireCall,
  type WireFailure,
  type WireRequest,
} from './protocol.ts'
import { readXmlPayload } from './read-xml.ts'
import { readBindings } from './rest-input.ts'
import { rawPayload, splitOutput } from './rest-output.ts'
import { writeXmlMembers } from './xml-value.ts'
import type { Api } from './api.ts'
import type { StructureShape } from './shape.ts'
import type { CloudResponse } from '../http.ts'

/** AWS REST-XML as S3 speaks it (https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html). */
export const restXml: Protocol = { read, write, writeError }

function read(api: Api, sent: WireRequest): WireCall {
  const request = unwrapChunks(readPresigned(addressBucket(sent)))
  const match = matchRoute(api, request)
  if (!match) {
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      status: 405,
      details: { Method: request.method, ResourceType: 'SERVICE' },
    })
  }
  const input = readBindings(match, request)
  const payload = match.operation.input.members.find((member) => member.payload)
  if (payload) {
    const value = readXmlPayload(payload, request.body)
    if (value !== undefined) input[payload.name] = value
  }
  return { operation: match.operation, input }
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

function write(answer: WireAnswer): CloudResponse {
  const { api, operation, output, requestId } = answer
  const { status, headers: bound, payload, body } = splitOutput(answer)
  const headers = { ...idHeaders(requestId), ...bound }
  const xml = { ...headers, 'content-type': 'application/xml' }
  if (payload) {
    const raw = rawPayload(payload.value)
    const { shape } = payload.member
    if (raw) return { status, headers: { ...defaultType(shape.kind), ...headers }, body: raw }
    if (shape.kind !== 'structure') return { status, headers, body: noBytes }
    const name = payload.member.xmlName ?? shape.xmlName ?? shape.name
    return { status, headers: xml, body: document(api, name, writeXmlMembers(shape, payload.value, 'whole-seconds')) }
  }
  if (operation.silent || body.length === 0) return { status, headers, body: noBytes }
  const shape = { ...operation.output, members: body }
  const name = operation.output.xmlName ?? `${operation.name}Result`
  return {
    status,
    headers: xml,
    body: document(api, name, unwrapped(shape, output) ?? writeXmlMembers(shape, output, 'whole-seconds')),
  }
}

/** `GetBucketLocation` answers its only member's text in the root element, which has that member's name. */
function unwrapped({ xmlName, members }: StructureShape, output: WireAnswer['output']): string | undefined {
  const [only, ...others] = members
  if (!only || others.length > 0 || only.name !== xmlName || only.shape.kind !== 'string') return undefined
  const value = output[only.name]
  return typeof value === 'string' ? escapeXml(value) : ''
}

function document(api: Api, name: string, inner: string): Uint8Array {
  return bytes(`${declaration}<${name} xmlns="${api.namespace ?? ''}">${inner}</${name}>`)
}

function defaultType(kind: string): Record<string, string> {
  return kind === 'blob' ? { 'content-type': 'binary/octet-stream' } : { 'content-type': 'application/json' }
}

function idHeaders(requestId: string): Record<string, string> {
  const id = requestId.replaceAll('-', '').slice(0, 16).toUpperCase()
  return { 'x-amz-request-id': id, 'x-amz-id-2': Buffer.from(requestId).toString('base64'), server: 'AmazonS3' }
}

// These details are headers, not part of the document.
const errorHeaders: Readonly<Record<string, string>> = {
  ETag: 'etag',
  LastModified: 'last-modified',
  ContentRange: 'content-range',
  DeleteMarker: 'x-amz-delete-marker',
  VersionId: 'x-amz-version-id',
  Region: 'x-amz-bucket-region',
}

function writeError({ api, error, requestId, method }: WireFailure): CloudResponse {
  const { status } = describeError(api, error)
  const ids = idHeaders(requestId)
  const headers: Record<string, string> = { ...ids }
  for (const [name, header] of Object.entries(errorHeaders)) {
    const value = error.details[name]
    if (typeof value === 'string' && (status === 304 || name === 'DeleteMarker' || name === 'Region'))
      headers[header] = value
  }
  if (method === 'HEAD' || status === 304) return { status, headers, body: noBytes }
  const details = Object.entries(error.details).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
  const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${details.join('')}`
  const tail = `<RequestId>${ids['x-amz-request-id'] ?? ''}</RequestId><HostId>${ids['x-amz-id-2'] ?? ''}</HostId>`
  const body = bytes(`${declaration}<Error>${inner}${tail}</Error>`)
  return { status, headers: { ...headers, 'content-type': 'application/xml' }, body }
}

// bucket.s3.us-east-1.amazonaws.com, bucket.s3.localhost.localstack.cloud, bucket.localhost: the suffixes that clients
// append to a bucket's name (https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html).
const behindBucket =
  /^(.+?)\.(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com|s3(?:\.[a-z0-9-]+)*\.localhost(?:\.localstack\.cloud)?|localhost(?:\.localstack\.cloud)?)$/i

/** Moves the bucket of a virtual-hosted address into the path, so that both styles of address are read alike. */
function addressBucket(request: WireRequest): WireRequest {
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '')
  const bucket = behindBucket.exec(host)?.[1]
  if (bucket === undefined || bucket === 's3' || bucket.startsWith('s3.')) return request
  return { ...request, path: `/${bucket}${request.path}` }
}
