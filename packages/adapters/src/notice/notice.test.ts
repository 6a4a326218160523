import type { AdminNotifier } from 'ticket-core'
import { expect, test } from 'vitest'
import { buildLetter } from '../../test/build-letter.ts'
import { buildTicket } from '../../test/build-ticket.ts'
import { startClock, START } from '../../test/clock.ts'
import { describeLetters } from './describe-letters.ts'
import { createAdminNotifier, type NotificationChannel, type NotificationResult } from './index.ts'

const channel = (name: string, notified: NotificationResult): NotificationChannel => ({
  name,
  send: () => Promise.resolve(notified),
})
const notice = (channels: readonly NotificationChannel[]): AdminNotifier =>
  createAdminNotifier({ clock: startClock(), channels })

test.each<[string, NotificationResult[], boolean]>([
  ['one of two gets through', [{ kind: 'failed', code: 'slack-404', reason: 'No.' }, { kind: 'sent' }], true],
  ['none gets through', [{ kind: 'failed', code: 'slack-404', reason: 'No.' }, { kind: 'not-configured' }], false],
  ['there is none', [], false],
])('%s', async (_, notified, told) => {
  const admin = notice(notified.map((one, index) => channel(`channel ${index}`, one)))
  expect((await admin.notify([buildLetter()], 0)).notified).toBe(told)
})

test('the result of each channel is named', async () => {
  const admin = notice([
    channel('slack', { kind: 'failed', code: 'slack-404', reason: 'No.' }),
    channel('teams', { kind: 'not-configured' }),
    channel('mail', { kind: 'sent' }),
  ])
  expect((await admin.notify([buildLetter()], 0)).channels).toEqual([
    'slack: slack-404: No.',
    'teams: not configured',
    'mail: sent',
  ])
})

test('notices are two seconds apart, and one without time left gets no slot', async () => {
  const clock = startClock()
  const admin = createAdminNotifier({ clock, channels: [] })
  const at: (number | undefined)[] = []
  for (const deadline of [3000, 3000, 3000, 5000])
    void admin.waitForSlot(deadline).then((isOurs) => at.push(isOurs ? clock.now() - START : undefined))
  await clock.advance(10_000)
  expect(at).toEqual([undefined, 0, 2000, 4000])
})

test('a message without a ticket is shown, not redriven', () => {
  const { ticket: _, ...letter } = buildLetter({ kind: 'unreadable', key: 'unreadable-abc' })
  const words = describeLetters([letter])
  expect(words.headline).toBe('A message could not be read (unreadable-abc)')
  expect(words.commands).toEqual(['npx -y pnpm@12 ticketing dead-letters show unreadable-abc'])
  expect(words).not.toHaveProperty('warning')
})

test('commands name the AWS that they are about', () => {
  expect(describeLetters([buildLetter()], '--aws --region eu-west-1').commands).toEqual([
    'npx -y pnpm@12 ticketing dead-letters redrive T-7QK2M-9XD4R --aws --region eu-west-1',
  ])
})

test('a collision names whose id it came under', () => {
  const words = describeLetters([buildLetter({ kind: 'collision', key: 'collision-abc', ticket: buildTicket() })])
  expect(words.headline).toBe('A second message came under the id T-7QK2M-9XD4R (collision-abc)')
})

test('an earlier redrive is named', () => {
  expect(describeLetters([buildLetter({ life: 1 })]).facts).toContainEqual(['Redriven before', 'once'])
  expect(describeLetters([buildLetter({ life: 3 })]).facts).toContainEqual(['Redriven before', '3 times'])
})

test('several letters are listed under their causes, with a command for all tickets and one for the rest', () => {
  const list = { code: 'trello-list-missing', reason: 'The board has no list "To du".' }
  const { ticket: _, ...ticketless } = buildLetter()
  const words = describeLetters([
    buildLetter({ key: 'T-00000-00001', cause: list }),
    buildLetter({ key: 'T-00000-00002', cause: { code: 'slack-404', reason: 'No such webhook.' }, life: 2 }),
    buildLetter({ key: 'T-00000-00003', cause: list, mayBeDelivered: true }),
    { ...ticketless, kind: 'unreadable', key: 'unreadable-abc', cause: { code: 'unreadable', reason: 'not JSON' } },
    buildLetter({ kind: 'collision', key: 'collision-abc', cause: { code: 'collision', reason: 'two of one id' } }),
  ])
  expect(words).toEqual({
    headline: '5 messages could not be delivered',
    facts: [
      ['Cause', 'The board has no list "To du". (trello-list-missing)'],
      ['T-00000-00001', 'Login page is blank (medium)'],
      ['T-00000-00003', 'Login page is blank (medium)'],
      ['Cause', 'No such webhook. (slack-404)'],
      ['T-00000-00002', 'Login page is blank (medium, redriven before: 2 times)'],
      ['Cause', 'not JSON (unreadable)'],
      ['unreadable-abc', 'no ticket could be read from it'],
      ['Cause', 'two of one id (collision)'],
      ['collision-abc', 'Login page is blank (came under the id of another ticket, T-7QK2M-9XD4R)'],
    ],
    warning: 'T-00000-00003 may have been delivered already: look before you redrive.',
    commands: [
      'npx -y pnpm@12 ticketing dead-letters redrive T-00000-00001 T-00000-00002 T-00000-00003',
      'npx -y pnpm@12 ticketing dead-letters show unreadable-abc collision-abc',
    ],
  })
})
