import { getSmithyContext } from '@smithy/core/client'
import type { HttpResponse } from '@smithy/core/protocols'
import type { AbortLike, InProcessHandler, UnsentCall } from './in-process.ts'

/** What of an SDK client is looked at; each client has types of its own for it. */
export interface SdkClient {
  readonly config: object
  readonly middlewareStack: { add(middleware: never, options: typeof PLACE): void }
}

/** Behind the SDK's other middlewares of the step: what they check of input and output they still check. */
const PLACE = { step: 'initialize', priority: 'low', name: 'bypassWire' } as const

/**
 * Lets a client whose `requestHandler` is an {@link InProcessHandler} hand over its calls as they are: they are neither
 * serialised nor signed, and the cloud does not read them back, which is most of what a call costs in one process.
 * Answers and errors are the SDK's own reading of what the wire would have carried. Calls that the wire could change,
 * and all those of a client with another handler, go on as ever. A call is made once, whatever `maxAttempts` says, and
 * an `S3Client` adds no checksum of its own (as with `requestChecksumCalculation: 'WHEN_REQUIRED'`).
 */
export function bypassWire({ config, middlewareStack }: SdkClient): void {
  if (!isOurs(config)) return
  const { requestHandler, protocol } = config
  const address = once(() => readAddress(config))
  const bypass: Middleware = (next, context) => async (args) => {
    const { operationSchema, abortSignal } = getSmithyContext(context)
    if (!requestHandler.handleCall || !isOperation(operationSchema)) return next(args)
    const [, namespace, operation, traits, input, output] = operationSchema
    const call = { ...(await address()), credentials: await config.credentials(), operation, input: args.input }
    const response = await requestHandler.handleCall(call, isAbortSignal(abortSignal) ? { abortSignal } : {})
    if (!response) return next(args)
    const schema = { namespace, name: operation, traits, input, output }
    try {
      return { response, output: await protocol.deserializeResponse(schema, { ...config, ...context }, response) }
    } catch (error) {
      // As the SDK's own middleware: to be looked at, and in nobody's log.
      if (error instanceof Error) Object.defineProperty(error, '$response', { value: response, enumerable: false })
      throw error
    }
  }
  // One for the stacks of all clients, each of which takes those of its own inputs and outputs.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  middlewareStack.add(bypass as never, PLACE)
}

type Context = Parameters<typeof getSmithyContext>[0]
type Handle = (args: Args) => Promise<{ readonly response: unknown; readonly output: unknown }>
type Middleware = (next: Handle, context: Context) => Handle

interface Args {
  readonly input: Readonly<Record<string, unknown>>
}

/** As the SDK has resolved it. */
interface Config {
  readonly serviceId: string
  readonly requestHandler: InProcessHandler
  readonly protocol: {
    deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<unknown>
  }
  readonly credentials: () => Promise<UnsentCall['credentials']>
  readonly region: () => Promise<string>
  readonly endpoint: () => Promise<{ readonly protocol: string; readonly hostname: string; readonly port?: number }>
}

function isOurs(config: object): config is Config {
  const has = (name: string, type: string): boolean => typeof Reflect.get(config, name) === type
  const handler: unknown = Reflect.get(config, 'requestHandler')
  // Without an endpoint of its own it asks AWS.
  const isAddressed = has('endpoint', 'function') && has('region', 'function') && has('credentials', 'function')
  return (
    isAddressed &&
    has('serviceId', 'string') &&
    typeof handler === 'object' &&
    handler !== null &&
    'handleCall' in handler
  )
}

async function readAddress({
  serviceId,
  region,
  endpoint,
}: Config): Promise<Omit<UnsentCall, 'operation' | 'input' | 'credentials'>> {
  const { protocol, hostname, port } = await endpoint()
  const host = port === undefined ? hostname : `${hostname}:${port}`
  return {
    service: serviceId.replaceAll(' ', '').toLowerCase(),
    region: await region(),
    baseUrl: `${protocol}//${host}`,
  }
}

/** https://github.com/smithy-lang/smithy-typescript: `StaticOperationSchema` of @smithy/types. */
type OperationSchema = readonly [9, namespace: string, name: string, traits: unknown, input: unknown, output: unknown]

function isOperation(schema: unknown): schema is OperationSchema {
  return Array.isArray(schema) && schema[0] === 9 && typeof schema[2] === 'string'
}

function isAbortSignal(value: unknown): value is AbortLike {
  return typeof value === 'object' && value !== null && 'aborted' in value
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => (made ??= make())
}
