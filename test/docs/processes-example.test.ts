// The testbed's README shows what stands between the two marks; readme.test.ts compares them.
// README begins
import { loadBundles } from '@ticketing/lambdas'
import { startTestbed } from '@ticketing/testbed'
import { expect, it } from 'vitest'

it('with real processes and sockets: a message that Slack first refuses arrives there once, and nowhere else', async () => {
  await using bed = await startTestbed({ bundles: await loadBundles() })
  bed.faults.add({ at: 'slack.postMessage', kind: '429', retryAfter: 1, times: 1 })

  await bed.teams.send({ title: 'Login page is blank', priority: 'high', description: 'It stays white.' })

  await bed.journal.until({ source: 'slack', kind: 'call', outcome: 429 })
  await bed.journal.until({ source: 'slack', kind: 'message-posted' }, { timeoutMs: 30_000 })
  expect(bed.slack.messages).toHaveLength(1)
  expect(bed.trello.cards).toHaveLength(0)
  expect(bed.faults.unfired()).toEqual([])
})
// README ends
