import { describe, expect, test } from 'vitest'
import { readCommand, type Command } from './index.ts'

function commandOf(text: string): Command {
  return readCommand({ id: '1', at: 0, text: `<at>tickets</at> ${text}`, imageAttachments: 0, conversationId: 'c' })
}

describe('a command', () => {
  test.each(['', '&nbsp;', 'help', 'HELP', '/help', '?', 'help me please', 'help!'])('"%s" asks for help', (text) => {
    expect(commandOf(text)).toEqual({ kind: 'help', mention: 'tickets' })
  })

  test.each(['status T-7QK2M-9XD4R', 'Status: t7qk2m9xd4r', 'status `T-7QK2M-9XD4R`', 'status&nbsp;T-7QK2M-9XD4R.'])(
    '"%s" asks for the status of T-7QK2M-9XD4R',
    (text) => {
      expect(commandOf(text)).toEqual({ kind: 'status', id: 'T-7QK2M-9XD4R', mention: 'tickets' })
    },
  )

  test.each([
    ['status', ''],
    ['status T-…', 'T-…'],
    ['status T-7QK2M', 'T-7QK2M'],
    ['status of my ticket', 'of my ticket'],
  ])('"%s" names no id that could be one', (text, given) => {
    expect(commandOf(text)).toEqual({ kind: 'status-malformed', given, mention: 'tickets' })
  })

  test.each([
    'Title: a',
    'help\nTitle: a',
    'status T-7QK2M-9XD4R\nPriority: high',
    'help, the Title: field is gone',
    'the login page is blank',
    'statuspage is down',
    'helpdesk is down',
    'help, since this morning the login page is blank for everybody here',
  ])('"%s" is meant as a ticket', (text) => {
    expect(commandOf(text)).toEqual({
      kind: 'ticket',
      mention: 'tickets',
      message: { text, mention: 'tickets', ignored: 0 },
    })
  })

  test('without a mention in its markup has no name of the bot', () => {
    expect(readCommand({ id: '1', at: 0, text: 'help', imageAttachments: 0, conversationId: 'c' })).toEqual({
      kind: 'help',
    })
  })
})
