import { expect, test } from 'vitest'
import { buildLetter } from '../../test/build-letter.ts'
import { buildTicket } from '../../test/build-ticket.ts'
import { START } from '../../test/manual-clock.ts'
import { createAdminNotice, describeLetter } from './index.ts'
import type { Notified, NoticeWay } from './index.ts'

const way = (name: string, notified: Notified): NoticeWay => ({ name, send: () => Promise.resolve(notified) })

test.each<[string, Notified[], boolean]>([
  ['one of two gets through', [{ kind: 'failed', code: 'slack-404' }, { kind: 'sent' }], true],
  ['none gets through', [{ kind: 'failed', code: 'slack-404' }, { kind: 'not-configured' }], false],
  ['there is none', [], false],
])('%s', async (_, notified, told) => {
  const notice = createAdminNotice(notified.map((one, index) => way(`way ${index}`, one)))
  expect((await notice.tell(buildLetter(), START)).told).toBe(told)
})

test('what happened on each way is named', async () => {
  const notice = createAdminNotice([
    way('slack', { kind: 'failed', code: 'slack-404' }),
    way('teams', { kind: 'not-configured' }),
    way('mail', { kind: 'sent' }),
  ])
  expect((await notice.tell(buildLetter(), START)).ways).toEqual([
    'slack: slack-404',
    'teams: not configured',
    'mail: sent',
  ])
})

test('a message without a ticket is shown, not redriven', () => {
  const { ticket: _, ...letter } = buildLetter({ kind: 'unreadable', key: 'unreadable-abc' })
  const words = describeLetter(letter)
  expect(words.headline).toBe('A message could not be read (unreadable-abc)')
  expect(words.command).toBe('npx -y pnpm@12 ticketing dead-letters show unreadable-abc')
  expect(words).not.toHaveProperty('warning')
})

test('a collision names whose id it came under', () => {
  const words = describeLetter(buildLetter({ kind: 'collision', key: 'collision-abc', ticket: buildTicket() }))
  expect(words.headline).toBe('A second message came under the id T-7QK2M-9XD4R (collision-abc)')
})

test('an earlier redrive is told', () => {
  expect(describeLetter(buildLetter({ life: 1 })).facts).toContainEqual(['Redriven before', 'once'])
  expect(describeLetter(buildLetter({ life: 3 })).facts).toContainEqual(['Redriven before', '3 times'])
})
