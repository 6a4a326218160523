import { PutFunctionConcurrencyCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { loadBundles } from '@ticketing/lambdas'
import { buildBundles } from '@ticketing/lambdas/build'
import { startTestbed } from '@ticketing/testbed'
import { nameResources } from 'ticket-core'

// `pnpm bench intake`: milliseconds from a message of Teams to the answer of line 1 as a function, of a new environment
// (its process, load, secret, queues, first ticket) and of one that has answered before.

const ROUNDS = 9

await buildBundles()
const bed = await startTestbed({ bundles: await loadBundles(), intake: 'function' })
try {
  const { lambda } = bed.clients
  const FunctionName = nameResources(bed.prefix).intake.function
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }))
  const times: Readonly<Record<'cold' | 'warm', number[]>> = { cold: [], warm: [] }
  const send = async (): Promise<number> => {
    const start = performance.now()
    const reply = await bed.teams.send({ title: 'Cold', priority: 'low', description: 'Is it in time?' })
    if (reply.kind !== 'replied') throw new Error(`Teams shows an error: ${JSON.stringify(reply)}`)
    return performance.now() - start
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    // A changed function gets new environments.
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: `round ${round}` }))
    times.cold.push(await send())
    times.warm.push(await send())
  }
  for (const [name, all] of Object.entries(times)) {
    const sorted = all.toSorted((a, b) => a - b)
    const median = sorted[Math.floor(all.length / 2)] ?? Number.NaN
    console.log(`${name}: median ${median.toFixed(0)} ms, most ${Math.max(...all).toFixed(0)} ms, of ${all.length}`)
  }
} finally {
  await bed.stop()
}
