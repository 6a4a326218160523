import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda'
import { AwsError, type Call } from '../../service.ts'
import type { AsyncEvents } from './async-events.ts'
import { readFunctionName, requireFunction } from './function-name.ts'
import type { LambdaContext } from './lambda-context.ts'
import { throttled, violates } from './lambda-errors.ts'
import { recursiveInvocation } from './recursion-operations.ts'
import type { FunctionRunner } from './run-function.ts'

const MAX_SYNCHRONOUS_BYTES = 6_291_456
/** @see https://aws.amazon.com/about-aws/whats-new/2025/10/aws-lambda-payload-size-256-kb-1-mb-invocations/ */
const MAX_EVENT_BYTES = 1_048_576

/** Invokes a function: waits for its response, accepts an event for later, or makes a dry run. */
export async function invoke(
  work: { context: LambdaContext; runner: FunctionRunner; events: AsyncEvents },
  input: InvocationRequest,
  call: Call,
): Promise<InvocationResponse> {
  const { context, runner, events } = work
  const named = readFunctionName(input.FunctionName, call, input.Qualifier)
  const type = input.InvocationType ?? 'RequestResponse'
  if (!['RequestResponse', 'Event', 'DryRun'].includes(type)) {
    const rule = 'Member must satisfy enum value set: [RequestResponse, Event, DryRun]'
    throw violates({ value: type, member: 'invocationType', rule })
  }
  const record = requireFunction(context, named, call)
  const payload = readPayload(input.Payload, type === 'Event' ? MAX_EVENT_BYTES : MAX_SYNCHRONOUS_BYTES)
  if (type === 'DryRun') return { StatusCode: 204 }
  if (type === 'Event') {
    events.accept({ id: call.requestId, region: call.region, ...named, payload, trace: call.trace })
    return { StatusCode: 202 }
  }
  const clientContext =
    input.ClientContext === undefined ? undefined : Buffer.from(input.ClientContext, 'base64').toString()
  const { requestId } = call
  const outcome = await runner.run({
    record,
    requestId,
    payload,
    qualifier: named.qualifier,
    clientContext,
    traces: [call.trace],
  })
  if (outcome.kind === 'throttled') throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded')
  if (outcome.kind === 'recursive') throw recursiveInvocation()
  const answered = outcome.kind === 'answered'
  return {
    StatusCode: 200,
    ExecutedVersion: record.version,
    Payload: encode(answered ? outcome.payload : JSON.stringify(outcome.failure)),
    ...(answered ? {} : { FunctionError: 'Unhandled' }),
    ...(input.LogType === 'Tail' ? { LogResult: tailOf(outcome.log) } : {}),
  }
}

function readPayload(payload: Uint8Array | undefined, limit: number): string {
  if (payload === undefined || payload.byteLength === 0) return '{}'
  if (payload.byteLength > limit) {
    const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`
    throw new AwsError('RequestTooLargeException', message, { details: { Type: 'User' } })
  }
  const text = Buffer.from(payload).toString('utf8')
  try {
    JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `Could not parse request body into json: Could not parse payload into json: ${reason}`
    throw new AwsError('InvalidRequestContentException', message, { details: { Type: 'User' } })
  }
  return text
}

/** The last 4 KB, as on Lambda. */
function tailOf(log: string): string {
  return Buffer.from(log).subarray(-4096).toString('base64')
}

function encode(text: string): ReturnType<typeof asPayload> {
  return asPayload(new TextEncoder().encode(text))
}

/** The SDK's type of a payload has one more method; the wire needs the bytes only. */
function asPayload(bytes: Uint8Array): NonNullable<InvocationResponse['Payload']> {
  return Object.assign(bytes, { transformToString: (encoding?: string) => new TextDecoder(encoding).decode(bytes) })
}
