import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionFailure } from './executor.ts'
import { thrown } from './failures.ts'
import type { HostRequest } from './host-protocol.ts'

/** A loaded handler: event as JSON text in, answer as JSON text out. */
export interface HostHandler {
  readonly style: 'async' | 'callback'
  run(request: HostRequest): Promise<string>
}

type Loaded = { ok: true; handler: HostHandler } | { ok: false; failure: FunctionFailure }

/** Loads `file.export` from a folder the way Lambda's Node runtime does, with that runtime's errors. */
export async function loadHandler(options: { taskRoot: string; entry: string }): Promise<Loaded> {
  const { taskRoot, entry } = options
  const named = /^(?<file>.+?)\.(?<path>[^/\\]+)$/u.exec(entry.slice(entry.lastIndexOf('/') + 1))?.groups
  const file = named?.['file']
  if (named === undefined || file === undefined || entry.includes('..')) {
    return failed('Runtime.MalformedHandlerName', `Bad handler: '${entry}'`)
  }
  const base = join(taskRoot, entry.slice(0, entry.lastIndexOf('/') + 1), file)
  const path = ['.js', '.mjs', '.cjs', ''].map((extension) => base + extension).find((path) => existsSync(path))
  if (path === undefined) return failed('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`)
  let found: unknown
  try {
    found = pick(await import(pathToFileURL(path).href), named['path'] ?? '')
  } catch (error) {
    return { ok: false, failure: importFailure(error) }
  }
  if (typeof found !== 'function') return failed('Runtime.HandlerNotFound', `${entry} is undefined or not exported`)
  const callable = found
  const style = callable.length >= 3 ? 'callback' : 'async'
  if (style === 'callback' && nodeMajor() >= 24) return failed('Runtime.CallbackHandlerDeprecated', CALLBACKS_ARE_GONE)
  return { ok: true, handler: { style, run: (request) => run({ callable, style, request }) } }
}

const CALLBACKS_ARE_GONE =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
  'You need to modify this function to use a supported handler signature to use Node.js 24 or later.'

/** The version of the requested runtime; the function may run on another one. */
function nodeMajor(): number {
  return Number(/nodejs(?<major>\d+)/u.exec(process.env['AWS_EXECUTION_ENV'] ?? '')?.groups?.['major'] ?? 0)
}

function pick(module: Readonly<Record<string, unknown>>, path: string): unknown {
  const through = (start: unknown): unknown =>
    path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), start)
  return through(module) ?? through(module['default'])
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null
}

function failed(errorType: string, errorMessage: string): Loaded {
  return { ok: false, failure: { errorType, errorMessage, trace: [] } }
}

function importFailure(error: unknown): FunctionFailure {
  const failure = thrown(error)
  const code = isObject(error) ? error['code'] : undefined
  const text = `${failure.errorType}: ${failure.errorMessage}`
  if (error instanceof SyntaxError) return { ...failure, errorType: 'Runtime.UserCodeSyntaxError', errorMessage: text }
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return { ...failure, errorType: 'Runtime.ImportModuleError', errorMessage: text }
  }
  return failure
}

async function run(options: {
  callable: Function
  style: HostHandler['style']
  request: HostRequest
}): Promise<string> {
  const { callable, style, request } = options
  const event: unknown = JSON.parse(request.payload)
  const context = contextOf(request)
  if (style === 'async') return asJson(await callable(event, context))
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, answer: unknown): void => (error ? reject(error) : settle(answer))
    const settle = (answer: unknown): void => {
      try {
        resolve(asJson(answer))
      } catch (error) {
        reject(error)
      }
    }
    const returned: unknown = callable(event, context, callback)
    if (returned instanceof Promise) returned.then(settle, reject)
  })
}

function asJson(answer: unknown): string {
  return JSON.stringify(answer) ?? 'null'
}

function contextOf(request: HostRequest): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: process.env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    awsRequestId: request.requestId,
    invokedFunctionArn: request.invokedArn,
    ...(request.clientContext === undefined ? {} : { clientContext: JSON.parse(request.clientContext) as unknown }),
    getRemainingTimeInMillis: () => Math.max(0, request.deadline - Date.now()),
  }
}
