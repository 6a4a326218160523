import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { wait } from '../clock.ts'
import type { Context } from '../kind.ts'
import { StackError } from '../resource.ts'
import { isSettled } from './observe-function.ts'

const PATIENCE_MS = 120_000
const LONGEST_PAUSE_MS = 2_000

/** Waits until Lambda is done making or changing the function; a failure there is a {@link StackError}. */
export async function settleFunction(
  name: string,
  { clients, clock }: Context,
  last?: FunctionConfiguration,
): Promise<void> {
  const resource = { kind: 'function', name } as const
  const until = clock.now() + PATIENCE_MS
  let pause = 25
  let is = last ?? (await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })))
  while (!isSettled(is)) {
    if (clock.now() > until) {
      throw new StackError({
        code: 'gave-up-waiting',
        resource,
        problem: `Lambda was not done with it after ${PATIENCE_MS / 1000} s (state ${is.State}, ${is.StateReason ?? 'no reason given'})`,
        todo: 'Run the same command again: it goes on where it stopped.',
      })
    }
    await wait(clock, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    is = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }))
  }
  if (is.State === 'Failed' || is.LastUpdateStatus === 'Failed') {
    throw new StackError({
      code: 'refused',
      resource,
      problem: `Lambda could not make it: ${is.StateReason ?? is.LastUpdateStatusReason ?? 'no reason given'}`,
      todo: 'Put right what the reason names, then run the same command again.',
    })
  }
}
