import { fork, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { FunctionFailure, LogLine } from './executor.ts'
import { exited } from './failures.ts'
import { endOfOutput, type HostReply, type HostRequest } from './host-protocol.ts'

/** The result of one request in an environment. */
export type HostOutcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly failure: FunctionFailure }

/** One forked process that serves one request at a time. */
export interface ProcessEnvironment {
  readonly pid: number
  /** False when it has ended or is about to: it gets no more requests. */
  readonly usable: () => boolean
  /** `begin` is called when the handler is loaded and returns the deadline: loading time does not count. */
  serve(work: {
    request: Omit<HostRequest, 'deadline'>
    log: (line: LogLine) => void
    begin: () => number
  }): Promise<HostOutcome>
  /** SIGKILL; resolves when the process has exited. */
  kill(): Promise<void>
}

/** Starts a process, which loads the handler at once. */
export function startEnvironment(options: {
  nodePath: string
  nodeOptions: readonly string[]
  taskRoot: string
  memoryMb: number
  variables: Readonly<Record<string, string>>
}): ProcessEnvironment {
  // The host removes it before it loads the handler, which must not see this process's variables.
  const { NODE_COMPILE_CACHE } = process.env
  const child = fork(HOST, [options.taskRoot], {
    execPath: options.nodePath,
    execArgv: [
      `--max-old-space-size=${Math.max(32, Math.floor(options.memoryMb * 0.9))}`,
      '--disable-warning=ExperimentalWarning',
      ...options.nodeOptions,
    ],
    cwd: options.taskRoot,
    env: { ...options.variables, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
  })
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => resolve({ code: 1, signal: `could not be started: ${error.message}` }))
  })
  const loaded = Promise.withResolvers<void>()
  const ready = loaded.promise
  const state: State = { ready: loaded.resolve, initFailure: undefined, waiting: undefined, usable: true }
  child.once('exit', () => (state.usable = false))
  child.once('error', () => (state.usable = false))
  child.on('message', (reply: HostReply) => receive(state, reply))
  for (const stream of ['stdout', 'stderr'] as const) readLines({ stream, from: child[stream], state })

  return {
    pid: child.pid ?? -1,
    usable: () => state.usable,
    async serve({ request, log, begin }) {
      const answered = new Promise<HostOutcome>((resolve) => {
        state.waiting = { request, log, resolve, outcome: undefined, open: new Set(['stdout', 'stderr']) }
      })
      const hand = async (): Promise<void> => {
        await ready
        if (!child.connected) return
        const message: HostRequest = { ...request, deadline: begin() }
        child.send(message, () => undefined)
      }
      void hand()
      const ended = exit.then((end): HostOutcome => {
        const known = state.waiting?.outcome ?? initFailed(state)
        return known ?? { ok: false, failure: exited(request.requestId, end) }
      })
      const outcome = await Promise.race([answered, ended])
      state.waiting = undefined
      return outcome
    },
    async kill() {
      state.usable = false
      endNow(child)
      await exit
    },
  }
}

interface Waiting {
  readonly request: Pick<HostRequest, 'requestId'>
  readonly log: (line: LogLine) => void
  readonly resolve: (outcome: HostOutcome) => void
  readonly open: Set<'stdout' | 'stderr'>
  outcome: HostOutcome | undefined
}

interface State {
  readonly ready: () => void
  initFailure: FunctionFailure | undefined
  waiting: Waiting | undefined
  usable: boolean
}

const HOST = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './process-host.ts' : './process-host.js', import.meta.url),
)

function initFailed(state: State): HostOutcome | undefined {
  return state.initFailure === undefined ? undefined : { ok: false, failure: state.initFailure }
}

function receive(state: State, reply: HostReply): void {
  switch (reply.kind) {
    case 'ready':
      state.ready()
      return
    case 'init-failed':
      state.usable = false
      state.initFailure = reply.failure
      return
    case 'answer':
    case 'failed': {
      if (reply.kind === 'failed' && reply.fatal) state.usable = false
      const { waiting } = state
      if (waiting?.request.requestId !== reply.requestId) return
      waiting.outcome =
        reply.kind === 'answer' ? { ok: true, payload: reply.payload } : { ok: false, failure: reply.failure }
      settle(waiting)
    }
  }
}

/** The reply and the output arrive by different pipes: an invocation ends when all of them are read. */
function settle(waiting: Waiting): void {
  if (waiting.outcome && waiting.open.size === 0) waiting.resolve(waiting.outcome)
}

function readLines(options: { stream: 'stdout' | 'stderr'; from: Readable | null; state: State }): void {
  const { stream, from, state } = options
  if (!from) return
  const close = (): void => {
    if (!state.waiting) return
    state.waiting.open.delete(stream)
    settle(state.waiting)
  }
  createInterface({ input: from, crlfDelay: Infinity })
    .on('line', (text) => {
      const { waiting } = state
      if (!waiting) return
      const mark = endOfOutput(waiting.request.requestId)
      if (!text.endsWith(mark)) {
        waiting.log({ stream, text })
        return
      }
      // Output without a line end precedes the mark.
      if (text !== mark) waiting.log({ stream, text: text.slice(0, -mark.length) })
      close()
    })
    .on('close', close)
}

function endNow(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
}
