import { readFile } from 'node:fs/promises'
import { startTestbed, type VirtualTestbed, type VirtualTestbedOptions } from '@ticketing/testbed'
import { expect, test } from 'vitest'
import { acceptedId } from '../support/bed.ts'

type WrapProcess = NonNullable<VirtualTestbedOptions['wrapProcess']>
type Request = Parameters<Parameters<WrapProcess>[1]['requestHandler']['handle']>[0]

/** What people do, one after the other, each once all of the step before is done. */
const LIFE = [
  ['reported', undefined],
  ['taken in Teams', 'take ID'],
  ['commented in Teams', 'comment ID Since the update.'],
  ['closed in Teams', 'close ID Fixed.'],
  ['reopened in Teams', 'reopen ID It is back.'],
] as const
const PRIORITIES = ['low', 'medium', 'high'] as const
const DOCS = new URL('../../docs/pipeline.md', import.meta.url)

interface Calls {
  reads: number
  writes: number
  lists: number
  queued: number
}

/** Counts what servers and functions ask of S3 and SQS; what Lambda's own poller asks is not seen. */
function countCalls(): { readonly calls: Calls; readonly wrapProcess: WrapProcess } {
  const calls: Calls = { reads: 0, writes: 0, lists: 0, queued: 0 }
  const note = ({ method, headers, query }: Request): void => {
    const target = headers['x-amz-target'] ?? headers['X-Amz-Target'] ?? ''
    if (target.startsWith('AmazonSQS.Send')) calls.queued += 1
    else if (target !== '') return
    else if (query?.['list-type'] !== undefined) calls.lists += 1
    else if (method === 'GET') calls.reads += 1
    else calls.writes += 1
  }
  const wrapProcess: WrapProcess = (_name, world) => {
    const { requestHandler } = world
    const handle: typeof requestHandler.handle = (request, options) => {
      note(request)
      return requestHandler.handle(request, options)
    }
    return { ...world, requestHandler: { ...requestHandler, handle, handleCall: undefined } }
  }
  return { calls, wrapProcess }
}

async function live(bed: VirtualTestbed, calls: Calls, priority: string): Promise<readonly string[]> {
  const rows: string[] = []
  let id = ''
  for (const [step, command] of LIFE) {
    const before = { ...calls }
    if (command === undefined)
      id = acceptedId(await bed.teams.send({ title: 'Login page is blank', priority, description: 'It is white.' }))
    else await bed.teams.sendText(command.replace('ID', id))
    await bed.clock.runUntilQuiet()
    const spent = [calls.reads - before.reads, calls.writes - before.writes, calls.lists - before.lists]
    rows.push([priority, step, ...spent, calls.queued - before.queued].join(' | '))
  }
  return rows
}

test.each(PRIORITIES)(
  'docs/pipeline.md says how many calls the life of a ticket of %s priority costs',
  async (priority) => {
    const { calls, wrapProcess } = countCalls()
    await using bed = await startTestbed({ clock: 'virtual', wrapProcess })
    // What the first message of all costs (secrets, addresses of queues, the token's team) is no ticket's.
    await live(bed, calls, priority)
    const rows = await live(bed, calls, priority)
    const docs = (await readFile(DOCS, 'utf8')).replaceAll(/ +/g, ' ')
    expect(docs).toContain(rows.map((row) => `| ${row} |`).join('\n'))
  },
)
