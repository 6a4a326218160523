// The cloud that durability.test.ts kills: `packages/local-aws` with a store in a file, in a process of its own.
// Arguments: the folder of the store; milliseconds to put the clock forward; a planted fault, or nothing.
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { createLocalAws, listen, openStore, systemClock, type Cloud } from '@ticketing/local-aws'

const [directory = '.', ahead = '0', fault = ''] = process.argv.slice(2)
const clock = { ...systemClock, now: () => systemClock.now() + Number(ahead) }
process.send?.('opening')
const store = openStore(join(directory, 'cloud.sqlite'))
const { cloud } = createLocalAws({ clock, store })

/** With a fault: answers before anything is written, or does twice what it was asked to. */
const served: Cloud = async (request) => {
  const isSend = request.headers['x-amz-target'] === 'AmazonSQS.SendMessage'
  if (isSend && fault === 'forgets' && !store.isTransaction) store.exec('BEGIN')
  if (isSend && fault === 'repeats') await cloud(request)
  return cloud(request)
}

const listening = await listen({ cloud: served })
if (!listening.ok) throw new Error(`the cloud cannot listen: ${listening.failure.code}`)
process.on('disconnect', () => process.exit(0))
process.send?.(listening.listener.url)
// It will not live to do so at its end.
flushCompileCache()
