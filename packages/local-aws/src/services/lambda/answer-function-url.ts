import type { CloudRequest, CloudResponse } from '../../http.ts'
import { functionUrlEvent } from './function-url-event.ts'
import type { FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { recursiveInvocation } from './recursion-operations.ts'
import type { FunctionRunner } from './run-function.ts'
import { findUrlById, URL_PATH, type UrlRecord } from './url-operations.ts'
import { isRecord } from '../../wire/is-record.ts'

const MAX_BODY_BYTES = 6_291_456

/** Answers a request to a function's URL; `undefined` for any other request. */
export function answerFunctionUrl(
  work: {
    context: LambdaContext
    runner: FunctionRunner
    findTarget: (record: UrlRecord) => FunctionRecord | undefined
  },
  request: CloudRequest,
): Promise<CloudResponse> | undefined {
  if (!request.target.startsWith(URL_PATH)) return undefined
  const [id = ''] = request.target.slice(URL_PATH.length).split(/[/?]/u, 1)
  const url = findUrlById(work.context, id)
  const target = url && work.findTarget(url)
  if (!target) return Promise.resolve(message(404, 'Not Found'))
  if (!work.context.rights.mayCallUrl(url, request)) return Promise.resolve(message(403, FORBIDDEN))
  if (request.body.byteLength > MAX_BODY_BYTES) return Promise.resolve(message(413, 'Request Entity Too Large'))
  return run(work, { request, url, target })
}

async function run(
  { context, runner }: { context: LambdaContext; runner: FunctionRunner },
  { request, url, target }: { request: CloudRequest; url: UrlRecord; target: FunctionRecord },
): Promise<CloudResponse> {
  const requestId = context.newId()
  const rest = request.target.slice(URL_PATH.length + url.id.length)
  const event = functionUrlEvent(request, { rest, url, requestId, now: context.clock.now() })
  const payload = JSON.stringify(event)
  const outcome = await runner.run({
    record: target,
    requestId,
    payload,
    qualifier: url.qualifier,
    traces: [request.headers['x-amzn-trace-id']],
  })
  switch (outcome.kind) {
    case 'throttled':
      return message(429, 'Rate Exceeded.')
    case 'recursive':
      return message(400, recursiveInvocation().message)
    case 'failed':
      return message(502, 'Internal Server Error')
    case 'answered':
      return readFunctionUrlResponse(outcome.payload) ?? message(502, 'Internal Server Error')
  }
}

const FORBIDDEN =
  'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html'

function message(status: number, text: string): CloudResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ Message: text })),
  }
}

/**
 * Reads a function's response to a request at its URL: a structured response, or any other value as the body.
 * `undefined` if it is invalid. Of several cookies only the first is sent: a response here has one value per header.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
function readFunctionUrlResponse(payload: string): CloudResponse | undefined {
  const answer: unknown = JSON.parse(payload)
  if (!isRecord(answer) || !('statusCode' in answer)) {
    const body = typeof answer === 'string' ? answer : payload
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }
  }
  const status = Number(answer['statusCode'])
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined
  const { body = '' } = answer
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: { 'content-type': 'application/json', ...headersOf(answer) },
    body: Buffer.from(text, answer['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  }
}

function headersOf(answer: Readonly<Record<string, unknown>>): Record<string, string> {
  const { headers, cookies } = answer
  const given = isRecord(headers) ? Object.entries(headers) : []
  const first: unknown = Array.isArray(cookies) ? cookies[0] : undefined
  return Object.fromEntries([
    ...given.map(([name, value]) => [name.toLowerCase(), String(value)]),
    ...(typeof first === 'string' ? [['set-cookie', first]] : []),
  ])
}
