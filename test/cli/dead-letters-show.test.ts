import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Attempt, type DeadLetter, type Effect, effectKey, writeEffect } from 'ticket-core'
import { buildLetter, buildRecord, buildTicket, START } from '../support/records.ts'
import { type DeadLetterCloud, buildUnreadable, startDeadLetterCloud } from './dead-letter-cloud.ts'

let cloud: DeadLetterCloud
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

const show = async (words: string): Promise<string> => {
  const { output, code } = await cloud.run(`dead-letters show ${words}`)
  expect(code, output).toBe(0)
  return output
}

describe('a ticket', () => {
  const ticket = {
    ...buildTicket('medium', 7),
    title: 'Login page is blank',
    description: 'First line.\nSecond line.',
    steps: 'Open it.',
    reporter: { name: 'Ada' },
    links: [{ text: 'page', url: 'https://x.test/login' }],
  }
  const letter = buildLetter(7, {
    ticket,
    life: 1,
    history: [
      { life: 0, at: START, toldAt: START, redrivenAt: START + 60_000, cause: { code: 'slack-404', reason: 'gone' } },
    ],
  })

  it('is shown with its cause, attempts in the vendor’s own words, and earlier lives', async () => {
    await cloud.archive(letter)
    const busy = { outcome: 'retry', code: 'trello-429', reason: 'trello answered 429: Rate limit exceeded.' } as const
    const again = (minute: number): Attempt => ({ at: START + minute * 60_000, ...busy })
    const refused = { at: START + 240_000, outcome: 'rejected', ...letter.cause } as const
    await cloud.record(
      buildRecord(letter, {
        attempts: { count: 31, first: { at: START, ...busy }, last: [again(1), again(2), again(3), refused] },
      }),
    )
    expect(await show(ticket.id.toLowerCase())).toBe(
      [
        `${ticket.id}  a ticket that could not be delivered`,
        '  state:       waiting',
        '  cause:       trello-400: trello answered 400: invalid value for idList.',
        '  dead since:  2026-11-24T10:00:07Z, in life 1',
        '  notified:    2026-11-24T10:00:07Z',
        '  delivered:   no: every attempt’s outcome is known',
        '  ledger:      dead, life 1',
        '  priority:    medium',
        '  written:     2026-11-24T09:59:58.000Z by Ada',
        '  title:       Login page is blank',
        '  description: First line.',
        '               Second line.',
        '  steps:       Open it.',
        '  links:       https://x.test/login',
        '  attempts:    31 (the first and the last 4 are kept)',
        '    2026-11-24T10:00:00Z to 2026-11-24T10:03:00Z, 4 times  retry  trello-429',
        '      trello answered 429: Rate limit exceeded.',
        '    2026-11-24T10:04:00Z  rejected  trello-400',
        '      trello answered 400: invalid value for idList.',
        '  earlier:     life 0 ended 2026-11-24T10:00:00Z with slack-404, notified, redriven 2026-11-24T10:01:00Z',
        `  message:     message-7, ${letter.message.body.length} bytes`,
        `  Once its cause is fixed: npx -y pnpm@12 ticketing dead-letters redrive ${ticket.id}`,
        `  Handled in another way: npx -y pnpm@12 ticketing dead-letters close ${ticket.id} --because "…"`,
        '',
      ].join('\n'),
    )
  })

  it('that may be delivered is marked so, by the letter or by the ledger', async () => {
    await cloud.archive(letter)
    await cloud.record(buildRecord(letter, { suspect: true }))
    expect(await show(ticket.id)).toContain('  delivered:   perhaps: the outcome of an attempt is not known.')
  })

  it('without an attempt is shown without a record', async () => {
    const { toldAt: _, ...untold } = letter
    await cloud.archive(untold)
    const output = await show(ticket.id)
    expect(output).toContain('  ledger:      has no record: it became a dead letter before any attempt')
    expect(output).toContain('  notified:    not yet')
  })

  it('whose record is of another ticket is shown without those attempts, and not redriven', async () => {
    await cloud.archive(letter)
    await cloud.record(buildRecord(letter, { source: 'f'.repeat(64), suspect: true }))
    const output = await show(ticket.id)
    expect(output).toContain('  ledger:      holds another ticket of this id')
    expect(output).toContain('  delivered:   no: every attempt’s outcome is known')
    expect(output).not.toContain('attempts:')
    const redriven = await cloud.run(`dead-letters redrive ${ticket.id}`)
    expect(redriven).toMatchObject({
      code: 1,
      output: expect.stringContaining(`refused: the ledger's ${ticket.id} is`),
    })
  })

  it('that is delivered meanwhile has no hint to redrive it', async () => {
    await cloud.archive(letter)
    await cloud.record(buildRecord(letter, { state: 'delivered', life: 2, deliveredAt: START }))
    const output = await show(ticket.id)
    expect(output).toContain('  delivered:   yes, the ledger shows it')
    expect(output).toContain(`  See: npx -y pnpm@12 ticketing status ${ticket.id}`)
    expect(output).not.toContain('dead-letters redrive')
  })

  it('as JSON is the letter and the ledger’s record, one line an id', async () => {
    await cloud.archive(letter, buildLetter(8))
    await cloud.record(buildRecord(letter))
    const { said } = await cloud.run(`dead-letters show --json ${ticket.id} ${buildTicket('medium', 8).id}`)
    expect(said.map((line): unknown => JSON.parse(line))).toEqual([
      { letter, ledger: buildRecord(letter) },
      { letter: buildLetter(8) },
    ])
  })
})

it('a message without a ticket is shown; its body on request, every line marked and escaped', async () => {
  await cloud.archive(buildUnreadable('a', 'one\r\n\u001B[31mtwo\u202E\n  state:       delivered after all'))
  const key = 'unreadable-aaaaaaaaaaaaaaaa'
  expect(await show(key)).not.toContain('one')
  const output = await show(`${key} --message`)
  expect(output).toContain(
    String.raw`
  attribute:   code=unreadable
  body:
  | one
  | \u{1b}[31mtwo\u{202e}
  |   state:       delivered after all
  It holds no ticket, so it cannot be redriven. To hand it on:
    npx -y pnpm@12 ticketing dead-letters export unreadable-aaaaaaaaaaaaaaaa --body --to FILE
`.slice(1),
  )
})

it('a collision says what its sender must do', async () => {
  await cloud.archive(buildLetter(1, { key: 'collision-0123456789abcdef', kind: 'collision' }))
  expect(await show('collision-0123456789abcdef')).toContain('ask its sender to write it again')
})

describe('an id without a dead letter', () => {
  it('is unknown, with a hint', async () => {
    const { code, output } = await cloud.run('dead-letters show T-00000-00000')
    expect({ code, output }).toEqual({
      code: 1,
      output:
        'ticketing dead-letters: there is no dead letter T-00000-00000. See: npx -y pnpm@12 ticketing dead-letters list --closed\n',
    })
  })

  it.for(['show', 'export'])('%s shows the state of a live ticket', async (action) => {
    const letter = buildLetter(1)
    await cloud.record(buildRecord(letter, { state: 'waiting', retryAt: START }))
    const { code, output } = await cloud.run(`dead-letters ${action} ${letter.key}`)
    expect(code).toBe(1)
    expect(output).toContain(`${letter.key} is not a dead letter: the ledger shows it as waiting. See: npx`)
  })
})

it('status of a dead letter has a hint to see more', async () => {
  const letter = buildLetter(1)
  await cloud.archive(letter)
  await cloud.record(buildRecord(letter))
  const { output } = await cloud.run(`status ${letter.key}`)
  expect(output).toContain(
    `${letter.key} is dead\n  dead since:  2026-11-24T10:00:01Z\n  cause:       trello-400: trello`,
  )
  expect(output).toContain(`more: npx -y pnpm@12 ticketing dead-letters show ${letter.key}\n`)
})

it('status says that a destination shows only a part, and where the whole ticket is', async () => {
  const { failure: _, diedAt: __, ...record } = buildRecord(buildLetter(1))
  const receipt = { destination: 'board', where: 'card aB3dEfGh', cut: true } as const
  await cloud.record({ ...record, state: 'delivered', deliveredAt: record.firstClaimAt, caseKey: record.id, receipt })
  const { output } = await cloud.run(`status ${record.id}`)
  expect(output).toContain('  cut:         what it shows is a part of the ticket\n')
  expect(output).toContain(`  whole:       s3://acme-bucket/cases/${record.id}.json\n`)
})

describe('what follows an event and could not be delivered', () => {
  const { id, source } = buildTicket('medium', 8)
  const note: Effect = { kind: 'note', place: 'board', ticket: id, source, event: 'teams:1' }
  const key = effectKey(note)
  const { ticket: _ticket, ...base } = buildLetter(8)
  const letter: DeadLetter = { ...base, key, kind: 'effect', effect: note }

  it('is shown in words, with its record, and what to do', async () => {
    await cloud.archive(letter)
    const output = await show(key)
    expect(output).toContain(`${key}  what follows an event, and could not be delivered`)
    expect(output).toContain(`effect:      a note about ${id} for the team board (Trello)`)
    expect(output).toContain('ledger:      has no record')
    expect(output).toContain(`dead-letters redrive ${key}`)
  })

  it('is listed, and redriven to the queue of its place', async () => {
    await cloud.archive(letter)
    const listed = await cloud.run('dead-letters list')
    expect(listed.output).toMatch(new RegExp(`${key} .* a note about`))
    const redriven = await cloud.run(`dead-letters redrive ${key}`)
    expect(redriven.output).toContain('on its way again, in life 1')
    expect(await cloud.takeQueued()).toEqual([writeEffect({ effect: note, life: 1 })])
    expect(await cloud.letter(key)).toMatchObject({ redrivenAt: expect.any(Number) })
  })
})
