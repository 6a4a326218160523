import { AwsError } from '../service.ts'
import { describeError } from './describe-error.ts'
import { readJsonStructure, readJsonValue, writeJsonStructure, writeJsonValue } from './json-value.ts'
import { matchRoute } from './match-route.ts'
import {
  bytes,
  noBytes,
  type Protocol,
  type WireAnswer,
  type WireCall,
  type WireFailure,
  type WireRequest,
} from './protocol.ts'
import { readBindings } from './rest-input.ts'
import { rawPayload, splitOutput } from './rest-output.ts'
import type { Api } from './api.ts'
import type { StructureShape } from './shape.ts'
import type { CloudResponse } from '../http.ts'

/** AWS REST-JSON (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html): Lambda. */
export const restJson: Protocol = { read, write, writeError }

function read(api: Api, request: WireRequest): WireCall {
  const match = matchRoute(api, request)
  if (!match)
    throw new AwsError('UnknownOperationException', `No operation answers ${request.method} ${request.path}.`, {
      status: 404,
    })
  const { operation } = match
  return { operation, input: { ...readBody(operation.input, request.body), ...readBindings(match, request) } }
}

function readBody(shape: StructureShape, body: Uint8Array): Record<string, unknown> {
  const payload = shape.members.find((member) => member.payload)
  if (payload) {
    if (payload.shape.kind === 'blob') return { [payload.name]: body }
    if (body.length === 0) return {}
    return { [payload.name]: readJsonValue(payload.shape, parse(body)) }
  }
  if (body.length === 0) return {}
  const inBody = shape.members.filter(
    ({ label, query, header, headerPrefix }) =>
      !label && query === undefined && header === undefined && headerPrefix === undefined,
  )
  return inBody.length === 0 ? {} : readJsonStructure({ ...shape, members: inBody }, parse(body))
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.', { status: 400 })
  }
}

function write(answer: WireAnswer): CloudResponse {
  const { requestId, operation, output } = answer
  const split = splitOutput(answer)
  const headers = { ...split.headers, 'x-amzn-requestid': requestId }
  if (split.payload) {
    const raw = rawPayload(split.payload.value)
    const body = raw ?? bytes(JSON.stringify(writeJsonValue(split.payload.member.shape, split.payload.value)))
    return { status: split.status, headers: { 'content-type': 'application/json', ...headers }, body }
  }
  if (operation.silent || split.body.length === 0 || split.status === 204)
    return { status: split.status, headers, body: noBytes }
  const document = writeJsonStructure({ ...operation.output, members: split.body }, output)
  return {
    status: split.status,
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes(JSON.stringify(document)),
  }
}

function writeError({ api, error, requestId }: WireFailure): CloudResponse {
  const described = describeError(api, error)
  const type = described.fault === 'client' ? 'User' : 'Service'
  const body = { Type: type, ...described.members, [described.messageName]: error.message }
  return {
    status: described.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': described.name, 'x-amzn-requestid': requestId },
    body: bytes(JSON.stringify(body)),
  }
}
