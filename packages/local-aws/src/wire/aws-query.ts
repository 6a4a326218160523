import { AwsError } from '../service.ts'
import { describeError } from './describe-error.ts'
import { escapeXml } from './escape-xml.ts'
import { bytes, type Protocol, type WireAnswer, type WireCall, type WireFailure, type WireRequest } from './protocol.ts'
import { readForm, readFormStructure } from './query-value.ts'
import { writeXmlMembers } from './xml-value.ts'
import type { Api } from './api.ts'
import type { CloudResponse } from '../http.ts'

/** AWS query (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html): a form in, XML out. */
export const awsQuery: Protocol = { read, write, writeError }

/** The form of a request: its body, or the query of a GET. */
export function formOf(request: WireRequest): URLSearchParams {
  const { body } = request
  if (body.length === 0) return request.query
  return new URLSearchParams(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
}

function read(api: Api, request: WireRequest): WireCall {
  const form = formOf(request)
  const name = form.get('Action') ?? ''
  const operation = api.operations.get(name)
  if (!operation) throw unknownAction(api, name)
  const input = readFormStructure(operation.input, readForm(form))
  // Older clients of SQS name the queue only by the URL that they post to.
  const takesQueue = operation.input.members.some((member) => member.name === 'QueueUrl')
  if (takesQueue && input['QueueUrl'] === undefined && request.path.length > 1)
    input['QueueUrl'] = request.baseUrl + request.path
  return { operation, input }
}

function unknownAction(api: Api, name: string): AwsError {
  if (name === '')
    return new AwsError('MissingAction', 'The request must contain the parameter Action.', { status: 400 })
  const message = api.queryCompatible
    ? `The action ${name} is not valid for this endpoint.`
    : `Could not find operation ${name} for version ${api.version}`
  return new AwsError('InvalidAction', message, { status: 400 })
}

function write({ api, operation, output, requestId }: WireAnswer): CloudResponse {
  const { name } = operation
  const result = operation.silent ? '' : `<${name}Result>${writeXmlMembers(operation.output, output)}</${name}Result>`
  const meta = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
  return answer(200, requestId, `<${name}Response xmlns="${api.namespace ?? ''}">${result}${meta}</${name}Response>`)
}

function writeError({ api, error, requestId }: WireFailure): CloudResponse {
  const described = describeError(api, error)
  const message = api.queryMessages?.[described.name] ?? error.message
  const type = described.fault === 'client' ? 'Sender' : 'Receiver'
  const detail = api.queryCompatible ? '<Detail/>' : ''
  const inner = `<Type>${type}</Type><Code>${escapeXml(described.queryCode)}</Code><Message>${escapeXml(message)}</Message>${detail}`
  const xml = `<ErrorResponse xmlns="${api.namespace ?? ''}"><Error>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return answer(described.status, requestId, xml)
}

function answer(status: number, requestId: string, xml: string): CloudResponse {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
  return { status, headers, body: bytes(`<?xml version="1.0"?>\n${xml}`) }
}
