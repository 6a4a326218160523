import type { CloudRequest, CloudResponse } from '../../http.ts'
import { functionUrlEvent } from './function-url-event.ts'
import { readFunctionUrlResponse } from './function-url-response.ts'
import type { FunctionRecord } from './function-record.ts'
import type { LambdaContext } from './lambda-context.ts'
import { recursiveInvocation } from './recursion-operations.ts'
import type { FunctionRunner } from './run-function.ts'
import { findUrlById, URL_PATH, type UrlRecord } from './url-operations.ts'

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
