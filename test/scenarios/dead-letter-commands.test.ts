import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { changeSecret, type Testbed } from '@ticketing/testbed'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../cli/start-command.ts'
import type { InProcessOptions, InProcessResult } from '../support/run-in-process.ts'
import {
  acceptedId,
  eventually,
  listKeys,
  placesOf,
  recordOf,
  runTicketing,
  startBed,
  untilDelivered,
} from '../support/bed.ts'

/** Runs `ticketing dead-letters <words>` as an operator would. */
function deadLetters(bed: Testbed, words: string, options: Partial<InProcessOptions> = {}): Promise<InProcessResult> {
  return runTicketing(bed, ['dead-letters', ...words.split(' ')], options)
}

async function send(bed: Testbed, count: number, title: string): Promise<string[]> {
  const replies = await Promise.all(
    Array.from({ length: count }, (_, number) =>
      bed.teams.send({ title: `${title} ${number}`, priority: 'medium', description: 'It stays white.' }),
    ),
  )
  return replies.map(acceptedId)
}

/** Waits until all of them are dead and their letters are there. */
async function untilArchived(bed: Testbed, ids: readonly string[]): Promise<void> {
  await eventually(bed, async () =>
    expect(await listKeys(bed, 'dead-letters/')).toEqual(
      expect.arrayContaining(ids.map((id) => `dead-letters/${id}.json`)),
    ),
  )
  await Promise.all(ids.map((id) => recordOf(bed, id, 'dead')))
}

const ONCE = { bucket: 0, board: 1, alert: 0 }

describe('a wrong list in the secret', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('kills twenty tickets of one cause; it is fixed, and all are delivered once, by a redrive that is interrupted and run again while others flow', async () => {
    await changeSecret(bed, { TRELLO_LIST_NAME: 'To du' })
    const ids = await send(bed, 20, 'Wrong list')
    await untilArchived(bed, ids)

    const listed = await deadLetters(bed, 'list')
    expect(listed.code).toBe(0)
    expect(listed.output).toContain('1 cause, 20 letters waiting\n')
    expect(listed.output).toContain('\ntrello-list-missing  20 letters, ')
    expect(listed.output).toContain('The board has no list "To du"; TRELLO_LIST_NAME must be one of: "To Do"')
    const shown = await deadLetters(bed, `show ${ids[0]}`)
    expect(shown.output).toContain('  title:       Wrong list 0\n')
    expect(shown.output).toMatch(/rejected {2}trello-list-missing\n +The board has no list/)

    // News of the deaths may still be on its way to the team.
    const keys = async (): Promise<string[]> =>
      (await listKeys(bed, '')).filter((key) => !key.startsWith('ledger/news/'))
    const before = await keys()
    const dry = await deadLetters(bed, 'redrive --cause trello-list-missing --dry-run')
    expect(dry.said.at(-1)).toBe('20 of 20 would be redriven')
    expect(await keys()).toEqual(before)

    await changeSecret(bed, { TRELLO_LIST_NAME: 'To Do' })
    const stop = new AbortController()
    let gone = 0
    const onLine = (line: string): void => {
      if (line.includes('on its way again') && (gone += 1) === 5) stop.abort()
    }
    const [interrupted, flowing] = await Promise.all([
      deadLetters(bed, 'redrive --all', { stop: stop.signal, onLine }),
      send(bed, 5, 'Right list'),
    ])
    expect(interrupted).toMatchObject({
      code: 1,
      output: expect.stringMatching(/interrupted: \d+ of 20 redriven; run/),
    })
    expect(gone).toBeLessThan(20)
    const rest = await deadLetters(bed, 'redrive --all')
    expect(rest.code, rest.output).toBe(0)
    expect(rest.said.at(-1)).toBe(`${20 - gone} of ${20 - gone} redriven`)

    // The simulator is asked in vain more cheaply than the ledger.
    await eventually(bed, () => expect(bed.trello.cards).toHaveLength(25))
    const records = await untilDelivered(bed, [...ids, ...flowing])
    expect(records.map(({ life }) => life)).toEqual([...ids.map(() => 1), ...flowing.map(() => 0)])
    for (const id of [...ids, ...flowing]) expect(await placesOf(bed, id)).toEqual(ONCE)

    const again = await deadLetters(bed, 'redrive --all')
    expect(again).toMatchObject({ code: 0 })
    expect(again.said.at(-1)).toBe('nothing to redrive: no dead ticket or event waits')
    const refused = await deadLetters(bed, `redrive ${ids[0]}`)
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('refused: ') })
    expect((await deadLetters(bed, 'list')).output).toContain('no dead letters are waiting\n')
    expect(bed.trello.cards).toHaveLength(25)
  }, 600_000)
})

describe('a message that cannot be read', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed()
  })
  afterAll(() => bed.stop())

  it('is kept whole on its way through two queues and the archive: exported, it is the same to the byte', async () => {
    const body = '\uFEFF{"v":1,"half\r\n\t \u0085\u2028\u202E\uFFFD😀 ZoÃ«'
    await bed.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: bed.queueUrls[`${bed.prefix}-MP`], MessageBody: body }),
    )
    await eventually(bed, async () => expect(await listKeys(bed, 'dead-letters/')).toHaveLength(1))
    const [object = ''] = await listKeys(bed, 'dead-letters/')
    const key = object.slice('dead-letters/'.length, -'.json'.length)
    const listed = await deadLetters(bed, 'list')
    expect(listed.output).toMatch(
      new RegExp(`^unreadable {2}1 letter, [^]*\\n {2}${key} [^]*dead-letters show ${key}`, 'm'),
    )

    await using folder = await makeFolder()
    const options = { cwd: folder.path }
    await deadLetters(bed, `export ${key} --body --to body`, options)
    expect(await readFile(join(folder.path, 'body'))).toEqual(Buffer.from(body, 'utf8'))
    const [line = ''] = (await deadLetters(bed, 'export')).said
    expect(JSON.parse(line)).toMatchObject({ key, message: { body }, cause: { code: 'unreadable' } })
    const redriven = await deadLetters(bed, 'redrive --all')
    expect(redriven).toMatchObject({
      code: 0,
      output: expect.stringContaining('1 letter cannot be redriven: 1 without'),
    })
    const closed = await runTicketing(bed, ['dead-letters', 'close', key, '--because', 'a test of ours'])
    expect(closed).toMatchObject({ code: 0, output: expect.stringContaining('1 of 1 closed') })
    expect((await deadLetters(bed, 'list')).output).toContain('no dead letters are waiting\n')
    expect((await deadLetters(bed, `show ${key}`)).output).toMatch(/^ {2}state: {7}closed \S+Z: a test of ours$/m)
  })
})
