import { expect, test } from 'vitest'
import { messageLink, threadOf, type Ticket } from './index.ts'

const TICKET: Ticket = {
  id: 'T-7QK2M-9XD4R',
  source: 'a'.repeat(64),
  createdAt: '2026-11-23T14:03:22.000Z',
  title: 'Login',
  priority: 'high',
  description: 'White.',
  links: [],
  tenantId: '76a2ae5a',
  teamId: '19:team@thread.tacv2',
  channelId: '19:channel@thread.tacv2',
  conversationId: '19:channel@thread.tacv2;messageid=1759881511856',
  messageId: '1759881522000',
}

test('a ticket links to its message in Teams, in its thread', () => {
  expect(messageLink(TICKET)).toBe(
    'https://teams.microsoft.com/l/message/19%3Achannel%40thread.tacv2/1759881522000?tenantId=76a2ae5a&parentMessageId=1759881511856&createdTime=1759881522000',
  )
  expect(messageLink(TICKET, 'group')).toContain('&groupId=group&')
})

test('a ticket of the older system has no link', () => {
  const { channelId: _channel, ...older } = TICKET
  expect(messageLink(older)).toBeUndefined()
})

test('what Teams sent cannot leave its part of the address', () => {
  const link = messageLink({ ...TICKET, channelId: '../x?y#z', messageId: '<a|b>&groupId=c\ud800' })
  expect(link).toMatch(
    /^https:\/\/teams\.microsoft\.com\/l\/message\/\.\.%2Fx%3Fy%23z\/%3Ca%7Cb%3E%26groupId%3Dc%EF%BF%BD\?[\w=&%.-]+$/,
  )
})

test.each([
  ['19:c@thread.tacv2;messageid=17', { channel: '19:c@thread.tacv2', root: '17' }],
  ['19:c@thread.tacv2', undefined],
  ['19:c;messageid=x', undefined],
  [undefined, undefined],
])('the thread of %j', (id, thread) => {
  expect(threadOf(id)).toEqual(thread)
})
