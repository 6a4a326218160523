import { AwsError } from '@ticketing/local-aws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetter } from 'ticket-core'
import { buildLetter, buildTicket } from '../support/records.ts'
import { type DeadLetterCloud, buildUnreadable, startDeadLetterCloud } from './dead-letter-cloud.ts'

let cloud: DeadLetterCloud
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

const list = async (words = ''): Promise<string> => {
  const { output, code } = await cloud.run(`dead-letters list ${words}`.trim())
  expect(code, output).toBe(0)
  return output
}
const died = (number: number, code: string, reason: string): DeadLetter =>
  buildLetter(number, { cause: { code, reason } })
/** The first lines of the causes. */
const causesOf = (output: string): string[] => output.match(/^\S+ {2}\d+ letters?/gm) ?? []

describe('one cause is one group', () => {
  it('also with different ids, addresses and numbers in its reasons', async () => {
    const reasons = [
      'trello answered 400: invalid value for idList 5f00000000000000000000aa.',
      'trello answered 400: invalid value for idList 60ffffffffffffffffff0000.',
      'trello answered 400:  invalid value for idList T-7QK2M-9XD4R.',
    ]
    await cloud.archive(...reasons.map((reason, number) => died(number, 'trello-400', reason)))
    await cloud.archive(
      died(10, 'slack-404', 'slack answered 404 at https://hooks.slack.test/services/abc: no_service.'),
      died(11, 'slack-404', 'slack answered 404 at https://hooks.slack.test/services/xyz/?a=b: no_service.'),
    )
    expect(causesOf(await list())).toEqual(['trello-400  3 letters', 'slack-404  2 letters'])
  })

  it('and two answers with one code are two causes, each with a name', async () => {
    const idList = 'trello answered 400: invalid value for idList.'
    await cloud.archive(died(1, 'trello-400', idList), died(2, 'trello-400', idList))
    await cloud.archive(died(3, 'trello-400', 'trello answered 400: invalid value for name.'))
    const [lists = '', names = '', ...more] = causesOf(await list()).map((line) => line.split(' ')[0])
    expect(more).toEqual([])
    expect([lists, names]).toEqual([expect.stringMatching(/^trello-400:/), expect.stringMatching(/^trello-400:/)])
    const [one, other, both] = [
      await list(`--cause ${lists}`),
      await list(`--cause ${names}`),
      await list('--cause trello-400'),
    ]
    expect(causesOf(one)).toEqual([`${lists}  2 letters`])
    expect(one).toContain(`dead-letters redrive --cause ${lists}`)
    expect(causesOf(other)).toEqual([`${names}  1 letter`])
    expect(causesOf(both)).toHaveLength(2)
  })

  it('an unknown cause fails with the list of causes', async () => {
    await cloud.archive(died(1, 'trello-400', 'x'), died(2, 'slack-404', 'y'), died(3, 'slack-404', 'y'))
    const { code, output } = await cloud.run('dead-letters list --cause trello')
    expect(code).toBe(1)
    expect(output).toBe(
      'ticketing dead-letters: --cause: no letter has the cause "trello"; these are the causes:\n' +
        '  slack-404 (2 letters)\n  trello-400 (1 letter)\n',
    )
  })
})

it('shows since when, which have no notice, and which may be delivered already', async () => {
  const { toldAt: _, ...untold } = buildLetter(3, { mayBeDelivered: true })
  await cloud.archive(buildLetter(1), buildLetter(2), untold)
  const output = await list()
  expect(output).toContain('1 cause, 3 letters waiting\nNo admin was notified of 1 yet;')
  expect(output).toContain('trello-400  3 letters, 2026-11-24T10:00:01Z to 2026-11-24T10:00:03Z, 1 not notified')
  expect(output).toMatch(new RegExp(`^  ${untold.key}.*Ticket 3  \\[not notified, maybe delivered\\]$`, 'm'))
  expect(output).toMatch(new RegExp(`^  ${buildTicket('medium', 2).id}  2026-11-24T10:00:02Z  medium  Ticket 2$`, 'm'))
})

describe('messages in the dead-letter queue that are not in the archive', () => {
  it('are counted: an empty archive may mean that nothing archives them', async () => {
    await cloud.deadLetter('one')
    await cloud.deadLetter('two')
    const output = await list()
    expect(output).toContain('no dead letters are waiting\n\nAbout 2 messages in acme-DLQ, not archived or not')
    expect((await cloud.run('dead-letters list --json')).output).toContain('"unarchived":2')
  })

  it('are unknown without the permission, and the list still works', async () => {
    cloud.interceptCalls(async ({ operation }, _input, run) => {
      if (operation === 'GetQueueAttributes') throw new AwsError('AccessDenied', 'no', { status: 403 })
      return run()
    })
    await cloud.archive(buildLetter(1))
    const output = await list()
    expect(causesOf(output)).toEqual(['trello-400  1 letter'])
    expect(output).toContain('The dead-letter queue could not be looked into: ')
  })
})

it('leaves out letters that do not wait, except with --closed', async () => {
  await cloud.archive(buildLetter(1, { redrivenAt: 1 }), buildLetter(2, { correctedAt: 1 }))
  expect(await list()).toBe('no dead letters are waiting\n')
  const all = await list('--closed')
  expect(all).toContain('0 letters waiting, 2 closed')
  expect(all).toContain('[redriven]')
  expect(all).toContain('[delivered after all]')
  expect(all).not.toContain('dead-letters redrive')
})

it('lets no ticket control the terminal, and fits its columns', async () => {
  const nasty = '\u001B[2J\u001B]0;owned\u0007 \u202Eelif\u2066 a\u0085b\rc\u2028d \u200Be 日本語👩‍🚀'
  const title = nasty.repeat(20)
  await cloud.archive(
    buildLetter(1, {
      ticket: { ...buildTicket('medium', 1), title },
      cause: { code: `x ${nasty}\n--all`, reason: title },
    }),
  )
  const output = await list()
  expect(output).not.toMatch(/[^\P{C}\n\u200D]|[\u2028\u2029\r]/u)
  expect(output).toContain(String.raw`\u{1b}[2J`)
  expect(Math.max(...output.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
  const [name = ''] = /--cause \S+/.exec(output) ?? []
  expect(causesOf(await list(name))).toHaveLength(1)
  const { said } = await cloud.run('dead-letters list --json')
  expect(said.join('')).toMatch(/^[\u0020-\u007E]*$/)
  expect(JSON.parse(said.join(''))).toMatchObject({ causes: [{ letters: [{ title }] }] })
})

it('prints a few lines for many letters, with a progress line', async () => {
  await cloud.archive(...Array.from({ length: 120 }, (_, number) => buildLetter(number)))
  const { output, said, passing } = await cloud.run('dead-letters list')
  expect(output).toContain('trello-400  120 letters,')
  expect(output).toContain('… and 115 more: npx -y pnpm@12 ticketing dead-letters list --cause trello-400\n')
  expect(said.length).toBeLessThan(15)
  expect(passing).toContain('reading the archive: 120 letters')
  expect(passing.at(-1)).toBe('')
  expect((await list('--cause trello-400')).match(/^ {2}T-/gm)).toHaveLength(120)
})

it('names the damaged object, lists the rest, and exits 1', async () => {
  await cloud.archive(buildLetter(1), buildUnreadable('a', '{'))
  await cloud.damage('T-00000-00000', '{"v":1')
  const { code, output } = await cloud.run('dead-letters list')
  expect(code).toBe(1)
  expect(output).toContain('T-00000-00000 cannot be read: The object dead-letters/T-00000-00000.json is damaged')
  expect(causesOf(output)).toEqual(['trello-400  1 letter', 'unreadable  1 letter'])
  expect(output).toMatch(/^ {2}unreadable-a{16} {2}2026-11-24T10:15:00Z +\(no ticket\)$/m)
  expect(output).toContain('dead-letters show unreadable-aaaaaaaaaaaaaaaa')
})

// People paste hints into a shell.
describe.each(['$(touch x)', '; rm -rf ~', '\u001b[31m', 'T-00000-00000 --all', '../T-00000-00000'])(
  'a letter that is called "%s"',
  (name) => {
    it.each([
      ['by its object', name],
      ['under the name of another', buildTicket('medium', 3).id],
    ])('%s is damaged: no hint names it, and no command works on it', async (_, object) => {
      await cloud.archive(buildLetter(1))
      await cloud.damage(object, JSON.stringify({ ...buildLetter(2), key: name }))
      for (const words of ['list', 'redrive --all', `close --cause trello-400 --because x`, 'export']) {
        const { code, output } = await cloud.run(['dead-letters', ...words.split(' ')])
        expect(code).toBe(1)
        const [complaint = '', ...more] = output
          .split('\n')
          .toSorted((line) => (line.includes('cannot be read') ? -1 : 1))
        expect(complaint).toContain('cannot be read')
        expect(more.join('\n')).not.toContain(name)
        expect(output).not.toContain('\u001b')
      }
      const shown = await cloud.run(['dead-letters', 'show', buildTicket('medium', 3).id])
      expect(shown).toMatchObject({ code: 1, output: expect.not.stringContaining(name) })
    })
  },
)

it('a code that is an option, or empty, gets a name that can be typed', async () => {
  await cloud.archive(died(1, '--all', 'x'), died(2, '', 'y'))
  const names = causesOf(await list()).map((line) => line.split(' ')[0] ?? '')
  expect(names.toSorted()).toEqual(['all', 'no-code'])
  for (const name of names) expect(causesOf(await list(`--cause ${name}`))).toHaveLength(1)
})

it('prints the same as JSON', async () => {
  const { toldAt: _, ...untold } = buildLetter(1)
  await cloud.archive(untold)
  const { said } = await cloud.run('dead-letters list --json')
  expect(JSON.parse(said.join(''))).toEqual({
    letters: 1,
    notNotified: 1,
    causes: [
      {
        cause: 'trello-400',
        code: 'trello-400',
        reason: untold.cause.reason,
        count: 1,
        notNotified: 1,
        oldest: '2026-11-24T10:00:01Z',
        newest: '2026-11-24T10:00:01Z',
        letters: [
          {
            key: untold.key,
            kind: 'ticket',
            life: 0,
            at: '2026-11-24T10:00:01Z',
            ...untold.cause,
            state: 'waits',
            mayBeDelivered: false,
            title: 'Ticket 1',
            priority: 'medium',
          },
        ],
      },
    ],
    damaged: [],
    unarchived: 0,
  })
})
