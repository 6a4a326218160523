import { randomUUID } from 'node:crypto'
import { AwsError, ConnectionLost } from './service.ts'
import { answerHealth } from './health.ts'
import { findMissing } from './wire/check-required.ts'
import { readOrigin } from './read-origin.ts'
import { isServiceName, loadApi } from './wire/apis.ts'
import { missingParameter } from './wire/missing-parameter.ts'
import { protocols } from './wire/protocols.ts'
import { readCredential } from './wire/credential.ts'
import { detectService } from './wire/detect.ts'
import { splitTarget } from './wire/split-target.ts'
import type { Clock } from './clock.ts'
import type { Observe } from './events.ts'
import type { Cloud, CloudRequest, CloudResponse } from './http.ts'
import type { Authorizer, Call, Caller, Service } from './service.ts'
import type { Api } from './wire/api.ts'
import type { Credential } from './wire/credential.ts'
import type { Protocol, WireCall, WireRequest } from './wire/protocol.ts'

export interface CloudOptions {
  readonly clock: Clock
  readonly services: readonly Service[]
  /** @default 'us-east-1' */
  readonly region?: string
  /** @default '000000000000' */
  readonly accountId?: string
  readonly intercept?: Intercept
  /** Whose access key it is. Unknown keys are the account's root. Throws an {@link AwsError} for a key that is no longer valid. */
  readonly resolveCaller?: (accessKeyId: string, sessionToken: string | undefined) => Caller | undefined
  /** Who may do what. @default everybody everything */
  readonly authorizer?: Authorizer
  readonly observe?: Observe
  /** @default random UUIDs */
  readonly newRequestId?: () => string
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Stands around every call that its caller may make: runs it (or another input) or not, and gives its output or another.
 * An {@link AwsError} is answered as AWS does; a {@link ConnectionLost} is no answer at all.
 */
export type Intercept = (call: Call, input: Fields, run: (input?: Fields) => Promise<Fields>) => Promise<Fields>

/**
 * The embedded cloud: a function from request to response, with all of its services behind one address. Expected
 * errors become AWS's own answers; a defect of a service is an `InternalFailure` whose cause is thrown to nobody, so
 * it is told to `observe` as the call's error. Rejects with {@link ConnectionLost} where the connection breaks.
 */
export function createCloud(options: CloudOptions): CallableCloud {
  const settings = {
    region: 'us-east-1',
    accountId: '000000000000',
    newRequestId: randomUUID,
    observe: () => undefined,
    ...options,
  }
  const services = new Map(options.services.map((service) => [service.name, service]))
  for (const { name } of options.services) if (isServiceName(name)) void loadApi(name)

  const running: Running = { ...settings, services }
  const answer: Cloud = async (request) => {
    const wire = readWire(request, settings.clock.now())
    const health = answerHealth(wire, [...services.keys()])
    if (health) return health
    for (const service of services.values()) {
      const own = await service.answer?.(request, wire.baseUrl)
      if (own) return own
    }
    const response = await answerCall(wire, running)
    return { ...response, headers: { date: new Date(settings.clock.now()).toUTCString(), ...response.headers } }
  }
  return Object.assign(answer, { call: (call: DirectCall) => callDirectly(call, running) })
}

/** A cloud, and a way into it for its own parts: the same callers, policies and interceptors, and no wire. */
export type CallableCloud = Cloud & {
  /** Gives the operation's output. Rejects with {@link AwsError} and {@link ConnectionLost}. */
  readonly call: (call: DirectCall) => Promise<Fields>
}

export interface DirectCall {
  readonly service: string
  readonly operation: string
  readonly input: Fields
  readonly region: string
  readonly credentials: { readonly accessKeyId: string; readonly sessionToken: string }
  readonly signal?: AbortSignal
}

async function callDirectly(
  { service, operation, input, region, credentials, signal }: DirectCall,
  running: Running,
): Promise<Fields> {
  const tell = teller({ service, operation: () => operation, running })
  try {
    const call: Call = {
      service,
      operation,
      caller: callerOf(credentials, running),
      region,
      requestId: running.newRequestId(),
      baseUrl: 'http://cloud.internal',
      from: readOrigin({ headers: {} }),
      deny: (need) => running.authorizer?.deny(call, need),
      gone: signal ?? new AbortController().signal,
    }
    const output = await runCall({ call, input, running })
    tell(undefined)
    return output
  } catch (error) {
    tell(error instanceof AwsError ? error.code : String(error))
    throw error
  }
}

/** Tells what came of a call: AWS's code of an error, or nothing. */
function teller({
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

interface Settings extends CloudOptions {
  readonly region: string
  readonly accountId: string
  readonly newRequestId: () => string
  readonly observe: Observe
}

type Running = Omit<Settings, 'services'> & { readonly services: ReadonlyMap<string, Service> }

async function answerCall(wire: WireRequest, running: Running): Promise<CloudResponse> {
  const credential = readCredential(wire.headers, wire.query)
  const detected = detectService(wire, credential)
  const api = await loadApi(detected.service)
  const protocol = protocols[detected.protocol]
  const requestId = running.newRequestId()
  let operation = ''
  const tell = teller({ service: api.name, operation: () => operation, running })
  try {
    const read = readCall({ api, protocol, wire })
    operation = read.operation.name
    const call: Call = {
      service: api.name,
      operation,
      caller: callerOf(credential, running),
      region: credential?.region ?? running.region,
      requestId,
      baseUrl: wire.baseUrl,
      from: readOrigin(wire),
      deny: (need) => running.authorizer?.deny(call, need),
      gone: wire.gone ?? new AbortController().signal,
    }
    const output = await runCall({ call, input: read.input, running })
    const response = protocol.write({ api, operation: read.operation, output, requestId })
    tell(undefined)
    return response
  } catch (thrown) {
    if (thrown instanceof ConnectionLost) {
      tell('ConnectionLost')
      throw thrown
    }
    const error = thrown instanceof AwsError ? thrown : internalFailure(thrown)
    tell(thrown instanceof AwsError ? error.code : `InternalFailure: ${String(thrown)}`)
    const answer = protocol.writeError({ api, error, requestId, method: wire.method })
    return { ...answer, headers: { ...answer.headers, ...error.headers } }
  }
}

function readCall({ api, protocol, wire }: { api: Api; protocol: Protocol; wire: WireRequest }): WireCall {
  const read = protocol.read(api, wire)
  const missing = findMissing(read.operation.input, read.input)
  if (missing) throw missingParameter(api, missing)
  return read
}

async function runCall({ call, input, running }: { call: Call; input: Fields; running: Running }): Promise<Fields> {
  const operation = running.services.get(call.service)?.operations[call.operation]
  if (!operation) throw notOffered(call)
  running.authorizer?.authorize(call, input)
  const run = async (changed: Fields = input): Promise<Fields> => {
    // The schema read the input, and the operation is written against the same schema: no type can join the two.
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
  const known = credential && resolveCaller?.(credential.accessKeyId, credential.sessionToken)
  const caller = known ?? { accountId, arn: `arn:aws:iam::${accountId}:root` }
  return credential ? { ...caller, accessKeyId: credential.accessKeyId } : caller
}

/** An operation of AWS that this cloud does not have. */
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

function readWire(request: CloudRequest, now: number): WireRequest {
  const { path, query } = splitTarget(request.target)
  const host = request.headers['host'] ?? 'localhost'
  const scheme = request.headers['x-forwarded-proto'] ?? 'http'
  return { ...request, path, query, baseUrl: `${scheme}://${host}`, now }
}
