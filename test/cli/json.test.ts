import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildLetter, buildRecord, START } from '../support/records.ts'
import { FREE_PORTS, makeFolder, startCommand } from './start-command.ts'
import { startTicketCloud, type TicketCloud } from './ticket-cloud.ts'
import { runInProcess } from '../support/run-in-process.ts'

/** The only line of standard output, as JSON. */
function jsonOf({ said }: { readonly said: readonly string[] }): unknown {
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(/^[\x20-\x7e]+$/)
  return JSON.parse(said[0] ?? '')
}

describe('--json prints one object to standard output, and nothing else', () => {
  let cloud: TicketCloud
  beforeEach(async () => {
    cloud = await startTicketCloud()
  })
  afterEach(() => cloud[Symbol.asyncDispose]())

  it('status: the record, or that there is none', async () => {
    const record = buildRecord(buildLetter(1), { state: 'delivered', deliveredAt: START })
    await cloud.record(record)
    expect(jsonOf(await cloud.run(`status ${record.id} --json`))).toEqual({ id: record.id, record })
    const none = await cloud.run('status T-00000-00000 --json')
    expect([none.code, jsonOf(none)]).toEqual([1, { id: 'T-00000-00000', record: null }])
  })

  it('dead-letters redrive and close: the result of each letter', async () => {
    const letters = [buildLetter(1), buildLetter(2)]
    await cloud.archive(...letters)
    await cloud.record(...letters.map((letter) => buildRecord(letter)))
    const [one, other] = letters.map(({ key }) => key)
    expect(jsonOf(await cloud.run(`dead-letters close ${one} --because handled --json`))).toMatchObject({
      letters: [{ key: one, result: 'done' }],
      left: 0,
    })
    const redriven = await cloud.run('dead-letters redrive --all --json')
    expect([redriven.code, jsonOf(redriven)]).toEqual([
      0,
      expect.objectContaining({ letters: [{ key: other, result: 'done', words: expect.any(String) }], done: 1 }),
    ])
    expect(jsonOf(await cloud.run('dead-letters redrive --all --json'))).toEqual({ letters: [] })
    const refused = await cloud.run(`dead-letters redrive ${one} --json`)
    expect([refused.code, jsonOf(refused)]).toEqual([1, expect.objectContaining({ settled: 1 })])
  })

  it('export --to: how many were written', async () => {
    await using folder = await makeFolder()
    await cloud.keep(1)
    await cloud.archive(buildLetter(1))
    const run = (words: string): ReturnType<TicketCloud['run']> => cloud.run(words, { cwd: folder.path })
    expect(jsonOf(await run('tickets export --to a.jsonl --json'))).toEqual({ tickets: 1, to: 'a.jsonl' })
    expect(jsonOf(await run('dead-letters export --to b.jsonl --json'))).toEqual({ letters: 1, to: 'b.jsonl' })
  })
})

it('send --json: the answer, the id, and the record where it landed', async () => {
  await using folder = await makeFolder()
  await using dev = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
  await dev.until(/Ctrl-C stops/)
  const send = (...words: readonly string[]): ReturnType<typeof runInProcess> =>
    runInProcess(['send', ...words, '--json'], { cwd: folder.path })
  const landed = await send('--title', 'T', '--priority', 'low', '--description', 'D')
  expect(landed.code, landed.output).toBe(0)
  expect(jsonOf(landed)).toEqual({
    milliseconds: expect.any(Number),
    answer: expect.stringContaining('accepted'),
    ticket: expect.stringMatching(/^T-/),
    record: expect.objectContaining({ state: 'delivered' }),
  })
  expect(jsonOf(await send('--text', 'help'))).toEqual({ milliseconds: expect.any(Number), answer: expect.any(String) })
  expect(await send('--text', 'Title: x')).toMatchObject({ code: 1 })
  // Every command of tickets works with the same folder.
  const list = await runInProcess(['tickets', 'list', '--json'], { cwd: folder.path })
  expect(jsonOf(list)).toMatchObject({ tickets: [{ title: 'T', priority: 'low' }], isAll: true })
})
