import { AwsError } from '../service.ts'
import { describeError } from './describe-error.ts'
import { readJsonStructure, writeJsonStructure } from './json-value.ts'
import {
  bytes,
  noBytes,
  type Protocol,
  type WireAnswer,
  type WireCall,
  type WireFailure,
  type WireRequest,
} from './protocol.ts'
import type { Api } from './api.ts'
import type { CloudResponse } from '../http.ts'

/** AWS JSON 1.0 and 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html): `x-amz-target` names the operation. */
export const awsJson: Protocol = { read, write, writeError }

function read(api: Api, request: WireRequest): WireCall {
  const name = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? ''
  const operation = api.operations.get(name)
  if (!operation) throw unknownOperation(api, name)
  return { operation, input: readJsonStructure(operation.input, parse(request.body)) }
}

function parse(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  } catch {
    throw new AwsError('SerializationException', 'Unable to parse the request body as JSON.', { status: 400 })
  }
}

/** AWS's error for an unknown operation. */
function unknownOperation(api: Api, name: string): AwsError {
  if (api.queryCompatible) return new AwsError('InvalidAction', `The action ${name} is not valid for this endpoint.`)
  return new AwsError('UnknownOperationException', `The operation ${name} is unknown.`)
}

function write({ api, operation, output, requestId }: WireAnswer): CloudResponse {
  const headers = {
    'content-type': `application/x-amz-json-${api.jsonVersion ?? '1.0'}`,
    'x-amzn-requestid': requestId,
  }
  // https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html: an operation without output has an empty body.
  if (operation.silent) return { status: 200, headers, body: noBytes }
  return { status: 200, headers, body: bytes(JSON.stringify(writeJsonStructure(operation.output, output))) }
}

function writeError({ api, error, requestId }: WireFailure): CloudResponse {
  const described = describeError(api, error)
  const sender = described.fault === 'client' ? 'Sender' : 'Receiver'
  const body = { __type: described.type, ...described.members, [described.messageName]: error.message }
  return {
    status: described.status,
    headers: {
      'content-type': `application/x-amz-json-${api.jsonVersion ?? '1.0'}`,
      'x-amzn-requestid': requestId,
      ...(api.queryCompatible && { 'x-amzn-query-error': `${described.queryCode};${sender}` }),
    },
    body: bytes(JSON.stringify(body)),
  }
}
