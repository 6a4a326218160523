import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { VirtualTestbedOptions } from '@ticketing/testbed'

type WrapProcess = NonNullable<VirtualTestbedOptions['wrapProcess']>
type Handler = Parameters<WrapProcess>[1]['requestHandler']
type Request = Parameters<Handler['handle']>[0]
type Answer = Awaited<ReturnType<Handler['handle']>>

/** Changes what one of our processes says to AWS, or hears from it. */
export function changeCalls(
  process: 'server' | 'functions',
  change: (request: Request, call: () => Promise<Answer>) => Promise<Answer>,
): WrapProcess {
  return (name, world) => {
    if ((process === 'server') !== (name === 'server')) return world
    const { requestHandler } = world
    const handle: Handler['handle'] = (request, options) =>
      change(request, () => requestHandler.handle(request, options))
    return { ...world, requestHandler: { ...requestHandler, handle, handleCall: undefined } }
  }
}

/** Whether a request is this operation of SQS. */
export function isSqs({ headers }: Request, operation: string): boolean {
  return Object.entries(headers).some(
    ([name, value]) => name.toLowerCase() === 'x-amz-target' && value === `AmazonSQS.${operation}`,
  )
}

/** Whether a request writes a record of the ledger. */
export function isLedgerWrite({ method, path }: Request): boolean {
  return method === 'PUT' && path.includes('/ledger/')
}

/** What SQS answers to a batch when it has taken all of it. */
export function allTaken(request: Request, answer?: Answer): Answer {
  const { Entries }: { Entries: { Id: string; MessageBody: string }[] } = JSON.parse(String(request.body))
  const Successful = Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: `made-up-${Id}`,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }))
  const body = new TextEncoder().encode(JSON.stringify({ Successful, Failed: [] }))
  return respond(200, body, answer)
}

/** An answer by which SQS refuses. */
export function refused(): Answer {
  const body = new TextEncoder().encode(JSON.stringify({ __type: 'com.amazonaws.sqs#AccessDenied', message: 'no' }))
  return respond(403, body)
}

function respond(statusCode: number, body: Uint8Array, answer?: Answer): Answer {
  const headers = { ...answer?.response.headers, 'content-type': 'application/x-amz-json-1.0' }
  return { response: { statusCode, headers, body } }
}

/** An answer by which S3 has written an object. */
export function written(): Answer {
  return { response: { statusCode: 200, headers: { etag: '"0"' }, body: new Uint8Array() } }
}

/** The same answer with another text as its body. */
export async function withBody(answer: Answer, change: (text: string) => string): Promise<Answer> {
  const { headers, body, statusCode } = answer.response
  if (statusCode !== 200) return answer
  const text = change(await new Response(body).text())
  const kept = Object.entries(headers).filter(([name]) => !/length|checksum/i.test(name))
  return { response: { statusCode, headers: Object.fromEntries(kept), body: Readable.from([Buffer.from(text)]) } }
}
