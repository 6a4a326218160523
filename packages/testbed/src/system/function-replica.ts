import { PutFunctionConcurrencyCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import { nameResources } from 'ticket-core'
import type { Replica } from './machine.ts'

/** Line 1 as a function: it is stopped by taking its concurrency away, as an operator would. */
export function functionReplica(
  url: string,
  { prefix, lambda }: { readonly prefix: string; readonly lambda: LambdaClient },
): Replica {
  const FunctionName = nameResources(prefix).intake.function
  const reserve = async (ReservedConcurrentExecutions: number): Promise<void> => {
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }))
  }
  return {
    url,
    stop: () => reserve(0),
    start: () => reserve(100),
    kill() {
      throw new Error('a function in an execution environment of the cloud is killed by a fault, not by the testbed')
    },
  }
}

/** Requests to the function at the same moment. Each needs a process here, and a machine starts few of them in five seconds. */
export const AT_ONCE = 2

/** The same fetch with at most {@link AT_ONCE} requests at work; the others wait, in order. */
export function fewAtOnce(ask: typeof fetch): typeof fetch {
  const waiting: (() => void)[] = []
  let running = 0
  return async (input, init) => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve))
    running += 1
    try {
      return await ask(input, init)
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
