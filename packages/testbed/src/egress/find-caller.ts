import { AsyncLocalStorage } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'

/** Frames deep: an SDK's middleware alone is some forty. */
const DEPTH = 200

const asked = new AsyncLocalStorage<string>()
/** The testbed's: whoever goes through a simulator's or a simulated process's `fetch` is still who asked. */
const OWN_FOLDER = new URL('..', import.meta.url).href

/**
 * Names who asked: the first frame of the stack that is neither Node's own, nor a package's, nor the testbed's. Where the
 * stack was cut off by an asynchronous step, what {@link rememberCaller} kept; else the first package.
 * @param below a function whose own frame, and those above it, do not count
 */
export function findCaller(below?: Function): string {
  const frames = readFrames(below)
  return frames.find(isOurs) ?? asked.getStore() ?? frames.find(isPackage) ?? 'Node itself, or a package by a timer'
}

/** Runs `call`, whose later asynchronous steps cannot show the stack any more, under the name of its caller. */
export function rememberCaller<T>(call: () => T): T {
  return asked.run(findCaller(), call)
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
