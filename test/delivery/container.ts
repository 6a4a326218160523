import type { createInProcessHandler, VirtualClock } from '@ticketing/local-aws'
import type { FunctionRuntime } from '@ticketing/lambdas'

type Handler = ReturnType<typeof createInProcessHandler>
type AwsRequest = Parameters<Handler['handle']>[0]

/** A call of AWS as a fault sees it. */
export interface AwsCall {
  /** `s3 PUT ledger/T-….json`, `sqs SendMessage`. */
  readonly name: string
  readonly body: string
}

/** `lost-before`, `lost-after`: the answer is lost, with or without the effect. The same for a killed function. */
export type Fate = 'passes' | 'lost-before' | 'lost-after' | 'killed-before' | 'killed-after'

/** A function's process: it can be killed in the middle of anything, and then does nothing more. */
export interface Container {
  readonly clock: FunctionRuntime['clock']
  readonly fetch: typeof fetch
  readonly requestHandler: NonNullable<FunctionRuntime['aws']['requestHandler']>
  /** Resolves when it was killed. */
  readonly killed: Promise<'killed'>
}

const NEVER = new Promise<never>(() => {})

export function createContainer(runtime: {
  readonly clock: VirtualClock
  readonly fetch: typeof fetch
  readonly handler: Handler
  readonly fateOfAws: (call: AwsCall) => Fate
  readonly fateOfVendor: (url: string) => Fate
}): Container {
  let isGone = false
  const { promise: killed, resolve: tell } = Promise.withResolvers<'killed'>()
  const suffer = async <Answer>(fate: Fate, run: () => Promise<Answer>): Promise<Answer> => {
    if (isGone) return NEVER
    if (fate === 'lost-before') throw connectionReset()
    if (fate !== 'killed-before') {
      const answer = await run()
      if (fate === 'passes' && !isGone) return answer
    }
    if (fate === 'lost-after') throw connectionReset()
    isGone = true
    tell('killed')
    return NEVER
  }
  const { clock, handler } = runtime
  return {
    killed,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, run) => clock.after(ms, () => void (isGone || run())),
    },
    fetch: (input, init) =>
      suffer(runtime.fateOfVendor(input instanceof Request ? input.url : String(input)), () =>
        runtime.fetch(input, init),
      ),
    requestHandler: {
      ...handler,
      handle: (request: AwsRequest, options: Parameters<Handler['handle']>[1]) =>
        suffer(runtime.fateOfAws(readCall(request)), () => handler.handle(request, options)),
    },
  }
}

function readCall(request: AwsRequest): AwsCall {
  const body = typeof request.body === 'string' ? request.body : ''
  const target = request.headers['x-amz-target'] ?? request.headers['X-Amz-Target']
  if (target !== undefined) return { name: `${service(target)} ${target.split('.')[1] ?? ''}`, body }
  return { name: `s3 ${request.method} ${request.path.replace(/^\/[^/]*\//, '')}`, body }
}

function service(target: string): string {
  return target.startsWith('AmazonSQS') ? 'sqs' : 'secretsmanager'
}

function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
}
