import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTicketCloud, type TicketCloud } from './ticket-cloud.ts'

let cloud: TicketCloud
beforeEach(async () => {
  cloud = await startTicketCloud()
})
afterEach(() => cloud[Symbol.asyncDispose]())

/** The ids that `tickets list` shows, in their order. */
async function listed(words = ''): Promise<string[]> {
  const { code, said } = await cloud.run(`tickets list ${words}`.trim())
  expect(code, said.join('\n')).toBe(0)
  return said.flatMap((line) => /^T-\w{5}-\w{5}/.exec(line)?.[0] ?? [])
}

const at = (minute: number): { createdAt: string } => ({ createdAt: `2026-11-24T09:${10 + minute}:00.000Z` })

describe('tickets list', () => {
  it('shows the tickets of all teams, the most urgent first, then the newest', async () => {
    const old = await cloud.keep(1, { priority: 'low', ticket: at(1) })
    const other = await cloud.keep(2, { priority: 'high', ticket: { ...at(2), teamId: 'team-2' } })
    const urgent = await cloud.keep(3, { priority: 'high', ticket: at(3) })
    const teamless = await cloud.keep(4, { ticket: at(4), isTeamless: true })
    const newer = await cloud.keep(5, { priority: 'low', ticket: { ...at(5), teamId: 'team-2' } })
    expect(await listed()).toEqual([urgent.id, other.id, teamless.id, newer.id, old.id])
    expect(await listed('--team team-2')).toEqual([other.id, newer.id])
    expect(await listed('--priority low')).toEqual([newer.id, old.id])
  })

  it('filters as the chat does: unassigned, closed', async () => {
    const taken = await cloud.keep(1, { changes: [{ kind: 'taken' }] })
    const free = await cloud.keep(2)
    const closed = await cloud.keep(3, { changes: [{ kind: 'closed', reason: 'fixed' }] })
    expect((await listed()).toSorted()).toEqual([taken.id, free.id].toSorted())
    expect(await listed('--unassigned')).toEqual([free.id])
    expect(await listed('--closed')).toEqual([closed.id])
    expect((await cloud.run('tickets list --closed --team nobody')).said).toEqual(['no closed tickets'])
  })

  it('reads the cases that it shows, and no more', async () => {
    for (let number = 1; number <= 30; number += 1)
      await cloud.keep(number, { ticket: { ...at(number), teamId: `team-${number % 3}` } })
    let reads = 0
    cloud.interceptCalls(({ operation }, input, run) => {
      if (operation === 'GetObject' && JSON.stringify(input).includes('cases/')) reads += 1
      return run()
    })
    const { said } = await cloud.run('tickets list --limit 7')
    expect(said).toHaveLength(8)
    expect(said.at(-1)).toBe('the first 7; for more: --limit 14')
    expect(reads).toBe(7)
    expect((await cloud.run('tickets list --limit 30')).said.at(-1)).toMatch(/^30 tickets; one of them whole: /)
  })

  it('passes over a key that the case does not confirm, and shows a ticket of two keys once', async () => {
    const ticket = await cloud.keep(1)
    const moved = await cloud.keep(2, { changes: [{ kind: 'taken' }] })
    const closed = await cloud.keep(3, { changes: [{ kind: 'closed' }] })
    for (const key of await cloud.indexKeys())
      if (key.startsWith('index/open/')) {
        await cloud.mark(key.replace(/\.\d+$/, '.7'))
        await cloud.mark(key.replace(/T-.*$/, `${closed.id}.0`))
      }
    expect((await listed()).toSorted()).toEqual([ticket.id, moved.id].toSorted())
  })

  it('--json: one object in ASCII, with the assignee and the team', async () => {
    const known = await cloud.keep(1, {
      priority: 'high',
      changes: [{ kind: 'assigned', to: { via: 'teams', name: 'Ærø', id: 'aad-1' } }],
    })
    const { said } = await cloud.run('tickets list --json')
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(said[0] ?? '')).toEqual({
      tickets: [
        {
          id: known.id,
          team: 'team-1',
          createdAt: known.ticket.createdAt,
          status: 'in-progress',
          priority: 'high',
          title: 'Ticket 1',
          assignee: { via: 'teams', name: 'Ærø', id: 'aad-1' },
          comments: 0,
        },
      ],
      isAll: true,
    })
  })

  it('says what is wrong with its words', async () => {
    for (const [words, problem] of [
      ['--unassigned --closed', 'name --unassigned or --closed, not both'],
      ['--closed --priority high', '--closed goes without --priority'],
      ['--priority hgih', '--priority: expected low, medium, high, got "hgih"'],
      ['--limit 0', '--limit: expected a number from 1 to 10000, got "0"'],
      ['T-00000-00000', 'takes no id'],
      ['--what', '--what is not for it; list takes --team'],
    ])
      expect(await cloud.run(`tickets list ${words}`)).toMatchObject({
        code: 2,
        output: expect.stringContaining(`list: ${problem}`),
      })
  })
})

describe('tickets show', () => {
  it('shows state, words, history and comments; what a person wrote looks like nothing of ours', async () => {
    const known = await cloud.keep(1, {
      ticket: { steps: 'Open it.', reporter: { name: 'Ola Nordmann' }, channelId: '19:c', messageId: '1764' },
      changes: [
        { kind: 'taken' },
        { kind: 'commented', text: 'still white\n  status:      closed\u001b[2J' },
        { kind: 'closed', reason: 'fixed in 4.2' },
        { kind: 'reopened' },
        { kind: 'priority-changed', to: 'high' },
      ],
    })
    const { code, said } = await cloud.run(`tickets show ${known.id.toLowerCase().replaceAll('-', '')}`)
    expect(code).toBe(0)
    expect(said[0]).toBe(`${known.id}  Ticket 1`)
    expect(said.join('\n')).toMatch(/status: +in progress\n +priority: +high, .*\n? *.*reported as medium/)
    expect(said).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ {2}assignee: +Grace Hopper$/),
        expect.stringMatching(/^ {2}reported: +2026-11-24T09:59:58.000Z by Ola Nordmann$/),
        expect.stringMatching(/^ {2}steps: +Open it\.$/),
        expect.stringMatching(/^ {2}history: +5 events$/),
        expect.stringMatching(/^ {4}2026-\S+ {2}Closed by Grace Hopper in Teams$/),
        '      | still white',
        '      |   status:      closed\\u{1b}[2J',
        '      | fixed in 4.2',
        '  delivery:    none began yet',
      ]),
    )
  })

  it('shows where it was delivered, in each lane, and --json holds the case and the records', async () => {
    const known = await cloud.keep(1)
    await cloud.record({
      v: 1,
      id: known.id,
      source: known.source,
      digest: 'd',
      life: 0,
      state: 'delivered',
      nonce: 'r',
      crashes: 0,
      firstClaimAt: 0,
      attempts: { count: 1, last: [] },
      receipt: { destination: 'board', where: 'card aB3', url: 'https://trello.test/c/aB3', vendorId: 'c1' },
      deliveredAt: 0,
    })
    const { said } = await cloud.run(`tickets show ${known.id}`)
    expect(said.join('\n')).toMatch(
      new RegExp(`delivery: +${known.id} is delivered, the team board \\(Trello\\)\\n.*landed: +card aB3`),
    )
    const json = JSON.parse((await cloud.run(`tickets show ${known.id} --json`)).said[0] ?? '')
    expect(json).toMatchObject({ case: known, state: { status: 'open' }, ledger: { medium: { state: 'delivered' } } })
  })

  it('says so when there is no such ticket', async () => {
    const { code, output } = await cloud.run('tickets show T-00000-00000')
    expect(code).toBe(1)
    expect(output).toContain('T-00000-00000 has no case: not delivered yet, or never accepted. See: ')
    expect((await cloud.run('tickets show nothing')).output).toContain('expected a ticket id such as T-7QK2M-9XD4R')
  })
})
