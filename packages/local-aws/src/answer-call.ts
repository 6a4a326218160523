import { readOrigin } from './read-origin.ts'
import { AwsError, ConnectionLost, type Authorizer, type Call, type Caller, type Service } from './service.ts'
import { storageFailure } from './storage-failure.ts'
import { isServiceName, loadApi } from './wire/apis.ts'
import { findMissing, missingParameter } from './wire/check-required.ts'
import { readCredential, type Credential } from './wire/credential.ts'
import { detectService } from './wire/detect.ts'
import { readMembers } from './wire/read-members.ts'
import { protocols } from './wire/protocols.ts'
import { answerUnknownService } from './wire/unknown-service.ts'
import type { Clock } from './clock.ts'
import type { Observe } from './events.ts'
import type { CloudResponse } from './http.ts'
import type { Api, OperationShape } from './wire/api.ts'
import type { Protocol, WireRequest } from './wire/protocol.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Runs in place of every authorized call, which `run` makes, and returns its output or another. An {@link AwsError}
 * is answered as AWS does; a {@link ConnectionLost} breaks the connection.
 */
export type Intercept = (call: Call, input: Fields, run: (input?: Fields) => Promise<Fields>) => Promise<Fields>

/** Services and settings that answer calls. */
export interface Running {
  readonly clock: Clock
  readonly services: ReadonlyMap<string, Service>
  readonly region: string
  readonly accountId: string
  readonly intercept?: Intercept
  readonly resolveCaller?: (accessKeyId: string, sessionToken: string | undefined) => Caller | undefined
  readonly authorizer?: Authorizer
  readonly observe: Observe
  readonly newRequestId: () => string
}

/** A call that was never serialised into a request. */
export interface DirectCall {
  readonly service: string
  readonly operation: string
  readonly input: Fields
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly sessionToken?: string | undefined }
  /** Scheme, host and port that the client would have used. @default 'http://cloud.internal' */
  readonly baseUrl?: string
  readonly signal?: AbortSignal
}

/** Answers a request. */
export async function answerCall(wire: WireRequest, running: Running): Promise<CloudResponse> {
  const credential = readCredential(wire.headers, wire.query)
  const unknown = answerUnknownService(wire, credential, running.newRequestId)
  if (unknown) return unknown
  const detected = detectService(wire, credential)
  const api = await loadApi(detected.service)
  const protocol = protocols[detected.protocol]
  const { method, baseUrl, signal } = wire
  const trace = wire.headers['x-amzn-trace-id']
  return answer({ api, protocol, method, credential, baseUrl, from: readOrigin(wire), trace, signal }, running, () => {
    const read = protocol.read(api, wire)
    const missing = findMissing(read.operation.input, read.input)
    if (missing) throw missingParameter(api, missing)
    return read
  })
}

/** Answers a call that was never serialised, as the wire would; `undefined` if serialising could change its input. */
export async function answerDirectly(
  { service, operation: name, input: given, region, credentials, baseUrl = NOWHERE, signal }: DirectCall,
  running: Running,
): Promise<CloudResponse | undefined> {
  if (!isServiceName(service)) return undefined
  const api = await loadApi(service)
  const operation = api.operations.get(name)
  const input = operation && readMembers(api, operation, given)
  if (!input || findMissing(operation.input, input)) return undefined
  const { sessionToken, accessKeyId } = credentials
  const about: About = {
    api,
    protocol: protocols[api.protocol],
    method: operation.http?.method ?? 'POST',
    credential: { service, region, accessKeyId, sessionToken },
    baseUrl,
    from: LOOPBACK,
    signal,
  }
  return answer(about, running, () => ({ operation, input }))
}

/** Returns the operation's output as it is. */
export async function callDirectly(
  { service, operation, input, region, credentials, baseUrl = NOWHERE, signal }: DirectCall,
  running: Running,
): Promise<Fields> {
  const { sessionToken, accessKeyId } = credentials
  const emit = callEmitter({ service, operation: () => operation, running })
  try {
    const about = { credential: { service, region, accessKeyId, sessionToken }, baseUrl, from: LOOPBACK, signal }
    const call = makeCall({ ...about, service, operation, requestId: running.newRequestId() }, running)
    const output = await runCall({ call, input, running })
    emit(undefined)
    return output
  } catch (error) {
    emit(error instanceof AwsError ? error.code : String(error))
    throw error
  }
}

const NOWHERE = 'http://cloud.internal'
const LOOPBACK = readOrigin({ headers: {} })

interface About extends Pick<Call, 'baseUrl' | 'from' | 'trace'> {
  readonly api: Api
  readonly protocol: Protocol
  readonly method: string
  readonly credential: Credential | undefined
  readonly signal: AbortSignal | undefined
}

interface Read {
  readonly operation: OperationShape
  readonly input: Fields
}

async function answer(about: About, running: Running, read: () => Read): Promise<CloudResponse> {
  const { api, protocol, method } = about
  const requestId = running.newRequestId()
  let operation = ''
  const emit = callEmitter({ service: api.name, operation: () => operation, running })
  try {
    const wanted = read()
    operation = wanted.operation.name
    const call = makeCall({ ...about, service: api.name, operation, requestId }, running)
    const output = await runCall({ call, input: wanted.input, running })
    const response = protocol.write({ api, operation: wanted.operation, output, requestId })
    emit(undefined)
    return response
  } catch (thrown) {
    if (thrown instanceof ConnectionLost) {
      emit('ConnectionLost')
      throw thrown
    }
    const error = thrown instanceof AwsError ? thrown : (storageFailure(thrown) ?? internalFailure(thrown))
    emit(thrown instanceof AwsError ? error.code : `${error.code}: ${String(thrown)}`)
    const refusal = protocol.writeError({ api, error, requestId, method })
    return { ...refusal, headers: { ...refusal.headers, ...error.headers } }
  }
}

/** Emits a call's result: AWS's error code, or undefined for success. */
function callEmitter({
  service,
  operation,
  running,
}: {
  readonly service: string
  readonly operation: () => string
  readonly running: Running
}): (error: string | undefined) => void {
  return (error) =>
    running.observe({
      at: running.clock.now(),
      source: 'cloud',
      kind: 'call-answered',
      service,
      operation: operation(),
      error,
    })
}

type Facts = Pick<Call, 'service' | 'operation' | 'requestId'> &
  Pick<About, 'credential' | 'baseUrl' | 'from' | 'trace' | 'signal'>

function makeCall({ credential, signal, ...facts }: Facts, running: Running): Call {
  const call: Call = {
    service: facts.service,
    operation: facts.operation,
    caller: callerOf(credential, running),
    region: credential?.region ?? running.region,
    requestId: facts.requestId,
    baseUrl: facts.baseUrl,
    from: facts.from,
    ...(facts.trace !== undefined && { trace: facts.trace }),
    deny: (permission) => running.authorizer?.deny(call, permission),
    signal: signal ?? new AbortController().signal,
  }
  return call
}

async function runCall({ call, input, running }: { call: Call; input: Fields; running: Running }): Promise<Fields> {
  const operation = running.services.get(call.service)?.operations[call.operation]
  if (!operation) throw notOffered(call)
  running.authorizer?.authorize(call, input)
  const run = async (changed: Fields = input): Promise<Fields> => {
    // The input was read by the schema that the operation is written against; no type can express that.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const output: unknown = await operation(changed as never, call)
    return typeof output === 'object' && output !== null ? { ...output } : {}
  }
  return running.intercept ? running.intercept(call, input, run) : run()
}

function callerOf(
  credential: Pick<Credential, 'accessKeyId' | 'sessionToken'> | undefined,
  { resolveCaller, accountId }: Running,
): Caller {
  if (!credential) return { accountId, arn: 'anonymous', anonymous: true }
  const { accessKeyId, sessionToken } = credential
  const known = resolveCaller?.(accessKeyId, sessionToken)
  return { ...(known ?? { accountId, arn: `arn:aws:iam::${accountId}:root` }), accessKeyId }
}

/** The error for an operation of AWS that this cloud does not implement. */
function notOffered({ service, operation }: Call): AwsError {
  if (service === 's3') {
    const message = 'A header you provided implies functionality that is not implemented.'
    return new AwsError('NotImplemented', `${message} (${operation})`, { status: 501 })
  }
  if (service === 'sqs') return new AwsError('InvalidAction', `The action ${operation} is not valid for this endpoint.`)
  if (service === 'iam' || service === 'sts')
    return new AwsError('InvalidAction', `Could not find operation ${operation}.`)
  return new AwsError('UnknownOperationException', `The operation ${operation} is not offered here.`, {
    status: service === 'lambda' ? 404 : 400,
  })
}

function internalFailure(cause: unknown): AwsError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new AwsError('InternalFailure', `A defect of the embedded cloud: ${message}`, { status: 500 })
}
