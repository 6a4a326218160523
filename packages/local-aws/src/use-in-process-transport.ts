import type { HttpResponse } from '@smithy/core/protocols'
import { once } from './once.ts'
import type { AbortLike, InProcessHandler, UnsentCall } from './in-process.ts'

/** The used part of an SDK client; each client has its own types for it. */
export interface SdkClient {
  readonly config: object
  send(command: never, ...rest: never): unknown
}

/**
 * Lets a client whose `requestHandler` is an {@link InProcessHandler} pass its calls to the cloud directly: without
 * the SDK's middleware, serialisation and signature, which are most of the cost of a call in one process. The SDK
 * itself deserialises responses and errors. Calls that serialising could change, and all calls of a client with
 * another handler, are made as usual. A call is made once, whatever `maxAttempts` says, and an `S3Client` adds no
 * checksum (as with `requestChecksumCalculation: 'WHEN_REQUIRED'`).
 */
export function useInProcessTransport(client: SdkClient): void {
  const { config } = client
  if (!isOurs(config)) return
  const { requestHandler, protocol } = config
  const address = once(() => readAddress(config))
  // The client's own method, whose types differ for each client.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const send = client.send.bind(client) as (...args: readonly unknown[]) => Promise<unknown>

  const callInProcess = async (command: unknown, options: unknown, ...rest: readonly unknown[]): Promise<unknown> => {
    const asked = isCommand(command) && !isCallback(options, rest) ? command : undefined
    if (!asked || !requestHandler.handleCall) return send(command, options, ...rest)
    const [, namespace, operation, traits, inputSchema, outputSchema] = asked.schema
    const call = { ...(await address()), credentials: await config.credentials(), operation, input: asked.input }
    const response = await requestHandler.handleCall(call, readSignal(options))
    if (!response) return send(command, options)
    const schema = { namespace, name: operation, traits, input: inputSchema, output: outputSchema }
    try {
      return await protocol.deserializeResponse(schema, config, response)
    } catch (error) {
      // Not enumerable, as in the SDK's own middleware, so that logs do not contain it.
      if (error instanceof Error) Object.defineProperty(error, '$response', { value: response, enumerable: false })
      throw error
    }
  }
  Object.defineProperty(client, 'send', { value: callInProcess, configurable: true, writable: true })
}

/** The SDK's older style with a callback. */
function isCallback(options: unknown, rest: readonly unknown[]): boolean {
  return typeof options === 'function' || rest.length > 0
}

interface Command {
  readonly input: Readonly<Record<string, unknown>>
  readonly schema: OperationSchema
}

function isCommand(value: unknown): value is Command {
  if (typeof value !== 'object' || value === null || !('schema' in value) || !('input' in value)) return false
  return isOperation(value.schema) && typeof value.input === 'object'
}

function readSignal(options: unknown): { abortSignal?: AbortLike } {
  if (typeof options !== 'object' || options === null || !('abortSignal' in options)) return {}
  const { abortSignal } = options
  return isAbortSignal(abortSignal) ? { abortSignal } : {}
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
  // A client without an endpoint would call AWS.
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
