import {
  DeleteEventSourceMappingCommand,
  GetFunctionCommand,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import { sleep } from 'ticket-adapters/clock'
import { isManaged } from '../desired/tags.ts'
import type { Removal } from '../removal.ts'
import { StackError } from '../resource.ts'

const GIVE_UP_AFTER_MS = 180_000
const LONGEST_PAUSE_MS = 5_000

/**
 * Deletes every mapping of a function that has our tags (or is gone) and waits until Lambda has released the queue: until
 * then its pollers may still hold messages.
 */
export const removeMappings: Removal = async (functionName, { clients, clock, prefix }) => {
  const { lambda } = clients
  const found = await unlessAbsent(() => lambda.send(new GetFunctionCommand({ FunctionName: functionName })))
  if (found && !isManaged(found.Tags, prefix)) return { kind: 'left', why: 'not-managed' }
  const list = async (): Promise<string[]> => {
    const listed = await unlessAbsent(() =>
      lambda.send(new ListEventSourceMappingsCommand({ FunctionName: functionName })),
    )
    return (listed?.EventSourceMappings ?? []).map(({ UUID = '' }) => UUID)
  }
  const mappings = new Set(await list())
  if (mappings.size === 0) return { kind: 'absent' }
  for (const UUID of mappings) await unlessAbsent(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })))
  const until = clock.monotonic() + GIVE_UP_AFTER_MS
  let pause = 25
  // Listed, not read by id: a deleted mapping has no function, so a permission that is limited to functions fails.
  while ((await list()).some((uuid) => mappings.has(uuid))) {
    if (clock.monotonic() > until) throw stillThere(functionName)
    await sleep(clock, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
  return { kind: 'removed' }
}

function stillThere(functionName: string): StackError {
  return new StackError({
    code: 'gave-up-waiting',
    resource: { kind: 'mapping', name: functionName },
    problem: `Lambda still has the event source mapping after ${GIVE_UP_AFTER_MS / 1000} s`,
    todo: 'Run the same command again: it continues where it stopped.',
  })
}
