import { AsyncLocalStorage } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'

/** Frames: the middleware of an SDK alone has about forty. */
const DEPTH = 200

const rememberedCaller = new AsyncLocalStorage<string>()
/** The testbed's own frames do not count: its `fetch` calls on behalf of other code. */
const OWN_FOLDER = new URL('..', import.meta.url).href

/**
 * Names the calling code: the first frame of the stack that is not of Node, a package or the testbed. If an asynchronous
 * step cut the stack off: what {@link rememberCaller} kept, else the first package.
 * @param below a function: its own frame, and those above it, do not count
 */
export function findCaller(below?: Function): string {
  const frames = readFrames(below)
  return (
    frames.find(isOurs) ??
    rememberedCaller.getStore() ??
    frames.find(isPackage) ??
    'Node itself, or a package by a timer'
  )
}

/** Runs `call` and keeps the name of its caller: after an asynchronous step the stack does not show it any more. */
export function rememberCaller<T>(call: () => T): T {
  return rememberedCaller.run(findCaller(), call)
}

/** "function (file:line:column)", innermost first, without Node's frames and the testbed's own. */
function readFrames(below?: Function): string[] {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = DEPTH
  const trace = { stack: '' }
  Error.captureStackTrace(trace, below)
  Error.stackTraceLimit = stackTraceLimit
  return trace.stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/^at (?:async )?/, ''))
    .filter((frame) => !/node:|\bnative\b|<anonymous>\)?$/.test(frame))
    .map(toPath)
    .filter((frame) => !frame.includes(OWN_PATH) || frame.includes('.test.'))
}

const OWN_PATH = fileURLToPath(OWN_FOLDER)

function toPath(frame: string): string {
  return frame.replace(/file:\/\/[^\s):]+/, (url) => fileURLToPath(url))
}

function isOurs(frame: string): boolean {
  return !isPackage(frame)
}

function isPackage(frame: string): boolean {
  return /[/\\]node_modules[/\\]/.test(frame)
}
