import { type FunctionConfiguration, GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { sleep } from 'ticket-adapters/clock'
import type { Context } from '../kind.ts'
import { StackError } from '../resource.ts'

const GIVE_UP_AFTER_MS = 120_000
const LONGEST_PAUSE_MS = 2_000

/** Waits until Lambda has made or changed the function, or failed to. `last`: its last answer. */
export async function waitUntilSettled(
  name: string,
  { clients, clock }: Context,
  last: FunctionConfiguration,
): Promise<FunctionConfiguration> {
  const until = clock.monotonic() + GIVE_UP_AFTER_MS
  let pause = 25
  let is = last
  while (!isSettled(is)) {
    if (clock.monotonic() > until) {
      throw new StackError({
        code: 'gave-up-waiting',
        resource: { kind: 'function', name },
        problem: `Lambda was still changing it after ${GIVE_UP_AFTER_MS / 1000} s (state ${is.State}, ${is.StateReason ?? 'no reason given'})`,
        todo: 'Run the same command again: it continues where it stopped.',
      })
    }
    await sleep(clock, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    is = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }))
  }
  return is
}

/** Waits for the change that `last` reports; a failure is a {@link StackError}. */
export async function settleFunction(name: string, context: Context, last: FunctionConfiguration): Promise<void> {
  const is = await waitUntilSettled(name, context, last)
  if (is.State !== 'Failed' && is.LastUpdateStatus !== 'Failed') return
  throw new StackError({
    code: 'refused',
    resource: { kind: 'function', name },
    problem: `Lambda could not make it: ${is.StateReason ?? is.LastUpdateStatusReason ?? 'no reason given'}`,
    todo: 'Fix what the reason names, then run the same command again.',
  })
}

/** An emulator that leaves these members out has already finished. */
function isSettled({ State, LastUpdateStatus }: FunctionConfiguration): boolean {
  return State !== 'Pending' && LastUpdateStatus !== 'InProgress'
}
