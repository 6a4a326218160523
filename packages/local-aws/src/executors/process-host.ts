// One execution environment: the composition root of a forked process, on the system clock. It loads the handler named
// by `_HANDLER` from the folder named by its only argument, then answers one invocation at a time over IPC.
import { flushCompileCache, registerHooks } from 'node:module'
import { Worker } from 'node:worker_threads'
import { thrown } from './failures.ts'
import { loadHandler, type HostHandler } from './host-handler.ts'
import { resolveInside } from './host-resolve.ts'
import { formatConsole } from './host-console.ts'
import { endOfOutput, type HostReply, type HostRequest } from './host-protocol.ts'

const WATCH_PARENT = `
const { Socket } = require('node:net')
const die = () => process.kill(process.pid, 'SIGKILL')
new Socket({ fd: 3 }).on('end', die).on('error', die).on('close', die).resume()
`

let current: HostRequest | undefined

function send(reply: HostReply): void {
  process.send?.(reply)
}

function report(request: HostRequest, reply: HostReply): void {
  if (current !== request) return
  current = undefined
  const mark = `${endOfOutput(request.requestId)}\n`
  process.stdout.write(mark)
  process.stderr.write(mark)
  process.channel?.ref()
  send(reply)
}

/** An uncaught error belongs to the running invocation and ends the environment. */
function onUncaught(error: unknown): void {
  const request = current
  if (!request) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(129)
  }
  process.stderr.write(`Uncaught Exception\t${JSON.stringify(thrown(error))}\n`)
  report(request, { kind: 'failed', requestId: request.requestId, failure: thrown(error), fatal: true })
  process.disconnect()
}

function onUnhandledRejection(reason: unknown): void {
  const error = new Error(reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason))
  error.name = 'Runtime.UnhandledPromiseRejection'
  if (reason instanceof Error && reason.stack !== undefined) error.stack = reason.stack
  onUncaught(error)
}

/** The event loop is empty and there is no reply: the handler's promise can never settle. */
function onNothingLeft(handler: HostHandler): void {
  const request = current
  if (!request) return
  if (handler.style === 'callback') {
    report(request, { kind: 'answer', requestId: request.requestId, payload: 'null' })
    return
  }
  const errorMessage =
    'The Lambda runtime client detected an unexpected Node.js exit code. ' +
    'This is most commonly caused by a Promise that was never settled.'
  const failure = { errorType: 'Runtime.NodeJsExit', errorMessage, trace: [] }
  report(request, { kind: 'failed', requestId: request.requestId, failure, fatal: true })
  process.disconnect()
}

async function invoke(handler: HostHandler, request: HostRequest): Promise<void> {
  current = request
  if (request.traceId !== undefined) process.env['_X_AMZN_TRACE_ID'] = request.traceId
  // While a handler runs, only its own work keeps the process alive: this detects a promise that never settles.
  process.channel?.unref()
  try {
    const payload = await handler.run(request)
    report(request, { kind: 'answer', requestId: request.requestId, payload })
  } catch (error) {
    const failure = thrown(error)
    console.error(`Invoke Error\t${JSON.stringify(failure)}`)
    report(request, { kind: 'failed', requestId: request.requestId, failure, fatal: false })
  }
}

async function main(): Promise<void> {
  delete process.env['NODE_COMPILE_CACHE']
  // The parent has exited.
  process.on('disconnect', () => process.exit(1))
  const taskRoot = process.argv[2] ?? process.cwd()
  formatConsole(() => current?.requestId)
  registerHooks({ resolve: resolveInside(taskRoot) })
  const loaded = await loadHandler({ taskRoot, entry: process.env['_HANDLER'] ?? '' })
  if (!loaded.ok) {
    send({ kind: 'init-failed', failure: loaded.failure })
    process.disconnect()
    return
  }
  // The process will be killed, so there is no cache to keep.
  flushCompileCache()
  process.on('uncaughtException', onUncaught)
  process.on('unhandledRejection', onUnhandledRejection)
  process.on('beforeExit', () => onNothingLeft(loaded.handler))
  process.on('message', (request: HostRequest) => void invoke(loaded.handler, request))
  // A handler that never yields cannot see the disconnect; a thread with a loop of its own can see a closed pipe.
  new Worker(WATCH_PARENT, { eval: true, execArgv: [] }).unref()
  send({ kind: 'ready' })
}

await main()
