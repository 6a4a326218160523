import { randomUUID } from 'node:crypto'
import {
  answerCall,
  answerDirectly,
  callDirectly,
  type DirectCall,
  type Intercept,
  type Running,
} from './answer-call.ts'
import { isServiceName, loadApi } from './wire/apis.ts'
import { readWire } from './wire/read-wire.ts'
import type { Clock } from './clock.ts'
import type { Observe } from './events.ts'
import type { Cloud, CloudResponse } from './http.ts'
import type { Authorizer, Caller, Service } from './service.ts'
import { bytes, type WireRequest } from './wire/protocol.ts'

export interface CloudOptions {
  readonly clock: Clock
  readonly services: readonly Service[]
  /** @default 'us-east-1' */
  readonly region?: string
  /** @default '000000000000' */
  readonly accountId?: string
  readonly intercept?: Intercept
  /**
   * The owner of an access key. Unknown keys are the account's root. Throws an {@link AwsError} for a key that is no
   * longer valid.
   */
  readonly resolveCaller?: (accessKeyId: string, sessionToken: string | undefined) => Caller | undefined
  /** Authorizes calls. @default every call is allowed */
  readonly authorizer?: Authorizer
  readonly observe?: Observe
  /** @default random UUIDs */
  readonly newRequestId?: () => string
}

type Fields = Readonly<Record<string, unknown>>

/**
 * The embedded cloud: a function from request to response, with all of its services behind one address. Expected
 * errors become AWS's own answers; a defect of a service is answered as `InternalFailure`, and `observe` gets its
 * cause as the call's error. Rejects with {@link ConnectionLost} where the connection breaks.
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
    const page = answerHealth(wire, [...services.keys()]) ?? answerLandingPage(wire)
    if (page) return page
    for (const service of services.values()) {
      const own = await service.answer?.(request, wire.baseUrl)
      if (own) return own
    }
    const response = await answerCall(wire, running)
    return { ...response, headers: { date: new Date(settings.clock.now()).toUTCString(), ...response.headers } }
  }
  return Object.assign(answer, {
    call: (call: DirectCall) => callDirectly(call, running),
    answer: (call: DirectCall) => answerDirectly(call, running),
  })
}

/** A cloud that also takes calls without HTTP, with the same callers, policies and interceptors. */
export type CallableCloud = Cloud & {
  /** Returns the operation's output. Rejects with {@link AwsError} and {@link ConnectionLost}. */
  readonly call: (call: DirectCall) => Promise<Fields>
  /**
   * Returns the response that the call would get over HTTP. Undefined, and without effect, if serialising could
   * change its input. Rejects with {@link ConnectionLost}.
   */
  readonly answer: (call: DirectCall) => Promise<CloudResponse | undefined>
}

/** `GET /` from a browser or curl. SDKs sign their requests and send no `Accept`. */
function answerLandingPage({ method, path, query, headers }: WireRequest): CloudResponse | undefined {
  const isBrowser = method === 'GET' && path === '/' && query.size === 0 && headers['accept'] !== undefined
  if (!isBrowser || headers['authorization'] !== undefined) return undefined
  const lines = [
    'This is an AWS on this machine, for the AWS CLI and every SDK: set AWS_ENDPOINT_URL to this address.',
    'What runs in it: /_localstack/health',
    '',
  ]
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: bytes(lines.join('\n')) }
}

/** `GET /_localstack/health`, which tools poll to wait for a local cloud. */
function answerHealth({ method, path }: WireRequest, services: readonly string[]): CloudResponse | undefined {
  if (path !== '/_localstack/health' || (method !== 'GET' && method !== 'HEAD')) return undefined
  const body = JSON.stringify({ services: Object.fromEntries(services.map((name) => [name, 'running'])) })
  return { status: 200, headers: { 'content-type': 'application/json' }, body: bytes(method === 'GET' ? body : '') }
}
