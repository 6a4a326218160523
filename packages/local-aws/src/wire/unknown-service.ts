import { escapeXml } from './escape-xml.ts'
import { apiSettings, isServiceName } from './apis.ts'
import type { Credential } from './credential.ts'
import { bytes, type WireRequest } from './protocol.ts'
import type { CloudResponse } from '../http.ts'

/** Answers a call of a service that this cloud does not have, so that its client shows why; else undefined. */
export function answerUnknownService(
  request: WireRequest,
  credential: Credential | undefined,
  newRequestId: () => string,
): CloudResponse | undefined {
  const target = request.headers['x-amz-target']
  const service = credential?.service ?? foreignTarget(target)
  if (service === undefined || isServiceName(service)) return undefined
  const requestId = newRequestId()
  const text = `The service ${service} is not offered by this embedded cloud. It has ${Object.keys(apiSettings).join(', ')}.`
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  if (isForm || request.query.has('Action')) {
    const error = `<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>${escapeXml(text)}</Message></Error>`
    const xml = `<ErrorResponse>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`
    return { status: 400, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body: bytes(xml) }
  }
  return {
    status: target === undefined ? 404 : 400,
    headers: {
      'content-type': target === undefined ? 'application/json' : 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': 'UnknownOperationException',
    },
    body: bytes(JSON.stringify({ __type: 'UnknownOperationException', message: text })),
  }
}

/** The service's name in the target header of an unsigned call. */
function foreignTarget(target: string | undefined): string | undefined {
  const prefix = target?.slice(0, target.lastIndexOf('.'))
  const isOurs = Object.values(apiSettings).some((settings) => settings.target === prefix)
  return prefix === undefined || prefix === '' || isOurs ? undefined : prefix
}
