import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { COMMANDS, identify, readCommand, type Activity, type Command } from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const TICKET = { ids: [ID], from: 'text' }
const ACTIVITY: Activity = {
  id: '2',
  at: 0,
  text: '',
  imageAttachments: 0,
  conversationId: '19:c;messageid=1763906602000',
  tenantId: 't',
}
/** The ticket that the first message of the thread would be. */
const ROOT = identify({ tenantId: 't', conversationId: ACTIVITY.conversationId, activityId: '1763906602000' }).id
const CARD = `<blockquote itemtype="http://schema.skype.com/Reply" itemid="1763906600000"><p itemprop="preview">Ticket ${ID} accepted</p></blockquote>`

function commandOf(text: string, change: Partial<Activity> = {}): Command {
  const { mention, ...command } = readCommand({ ...ACTIVITY, text: `<at>tickets</at> ${text}`, ...change })
  expect(mention).toBe('tickets')
  return command
}

/** Written at the start of a thread. */
function rootCommandOf(text: string): Command {
  return commandOf(text, { id: '1763906602000' })
}

/** The command as it would be typed, to compare at a glance. */
function said(command: Command): string {
  switch (command.kind) {
    case 'change': {
      const { kind, ...rest } = command.change
      const values = Object.values(rest).map((value) => (typeof value === 'string' ? value : value.name))
      return [kind, command.ticket.ids.join(' or '), ...values].join(' ')
    }
    case 'list':
      return ['list', command.which, command.priority, command.after].filter((one) => one !== undefined).join(' ')
    case 'status':
      return `status ${command.ticket.ids.join(' or ')}`
    case 'which-ticket':
      return `which ticket to ${command.verb}? ${command.given}`.trim()
    case 'unclear':
      return `${command.why}: ${command.suggestions.join(' | ')}`
    case 'help':
      return ['help', command.topic].filter((one) => one !== undefined).join(' ')
    case 'ticket':
      return 'a ticket'
  }
}

describe('help', () => {
  test.each(['', '&nbsp;', 'help', 'HELP', '/help', '?', 'help me please', 'help!', 'hi', 'thanks!', 'commands'])(
    '"%s" asks for it',
    (text) => {
      expect(commandOf(text)).toEqual({ kind: 'help' })
    },
  )

  test.each(['help close', 'help: resolve', 'Help done.'])('"%s" asks for one command', (text) => {
    expect(commandOf(text)).toEqual({ kind: 'help', topic: 'close' })
  })
})

describe('the ticket of a command', () => {
  test.each([
    `status ${ID}`,
    'Status: t7qk2m9xd4r',
    `status \`${ID}\``,
    `status&nbsp;${ID}.`,
    `show ${ID}`,
    `show ticket ${ID}, please`,
    `please, status of ${ID}`,
    ID,
    'T-7QK2M-9XD4R?',
    't 7qk2m 9xd4r',
    '7qk2m9xd4r',
    `ticket ${ID}`,
  ])('"%s" names it', (text) => {
    expect(commandOf(text)).toEqual({ kind: 'status', ticket: TICKET })
  })

  test.each([
    ['status', 'which ticket to status?'],
    ['status T-…', 'which ticket to status? T-…'],
    ['status T-7QK2M', 'which ticket to status? T-7QK2M'],
    ['status of my ticket', 'which ticket to status? of my ticket'],
    ['close T-1', 'which ticket to close? T-1'],
    ['take', 'which ticket to take?'],
    ['take it, please', 'which ticket to take?'],
    ['done', 'which ticket to close?'],
    ['comment: still white', 'which ticket to comment?'],
  ])('at the start of a thread "%s" lacks one', (text, expected) => {
    expect(said(rootCommandOf(text))).toBe(expected)
  })

  test.each([
    ['take', `taken ${ID}`],
    ['close fixed in 4.2', `closed ${ID} fixed in 4.2`],
    ['close duplicate of T-00000-00001', `closed ${ID} duplicate of T-00000-00001`],
    ['comment still white', `commented ${ID} still white`],
    ['edit Title: New', `edited ${ID} New`],
    ['status T-00000-00001', 'status T-00000-00001'],
    ['take a look at the login page', `extra-words: take ${ID} | comment ${ID} a look at the login page`],
    ['Title: a', 'a ticket'],
  ])('in an answer to its card, "%s" means it', (text, expected) => {
    const html = `${CARD}<p><span itemtype="http://schema.skype.com/Mention" itemid="0">tickets</span> ${text}</p>`
    expect(said(commandOf('', { html }))).toBe(expected)
    expect(
      said(commandOf(text, { references: ['1763906600000'], previews: [`{"messagePreview":"${ID} closed"}`] })),
    ).toBe(expected)
    expect(said(commandOf(`${text}\n> Ticket ${ID} accepted`))).toBe(expected)
  })

  test('is not guessed from a quote that names two', () => {
    expect(said(rootCommandOf(`take\n> ${ID} and T-00000-00001`))).toBe('which ticket to take?')
  })

  test.each([
    ['take', `taken ${ROOT}`],
    ['take this', `taken ${ROOT}`],
    ['status', `status ${ROOT}`],
    ['close the ticket, please', `closed ${ROOT}`],
    ['close: fixed in 4.2', `closed ${ROOT} fixed in 4.2`],
    ['priority high', `priority-changed ${ROOT} high`],
    ['assign me', `taken ${ROOT}`],
    ['assign @Ada Lovelace', `assigned ${ROOT} Ada Lovelace`],
    ['comment: it is back', `commented ${ROOT} it is back`],
    ['comment', 'no-text: comment T-… your text'],
    ['close the popup and the page is blank', 'a ticket'],
    ['note that the login page is blank', 'a ticket'],
    ['edit Title: New', 'a ticket'],
  ])('in its own thread, "%s" may leave it out', (text, expected) => {
    expect(said(commandOf(text))).toBe(expected)
  })

  test('may be the one that the answered message became', () => {
    const answered = identify({
      tenantId: 't',
      conversationId: ACTIVITY.conversationId,
      activityId: '1763906600000',
    }).id
    expect(said(commandOf('take', { references: ['1763906600000'] }))).toBe(`taken ${answered} or ${ROOT}`)
  })
})

describe('a change', () => {
  test.each([
    [`ack ${ID}`, `acknowledged ${ID}`],
    [`${ID} seen`, `acknowledged ${ID}`],
    [`take ${ID}`, `taken ${ID}`],
    [`I'll take ${ID}`, `taken ${ID}`],
    [`I’ll take ${ID}!`, `taken ${ID}`],
    [`assign ${ID} to me`, `taken ${ID}`],
    [`assign me ${ID}`, `taken ${ID}`],
    [`${ID} assign to me`, `taken ${ID}`],
    [`claim ${ID} please`, `taken ${ID}`],
    [`assign ${ID} @Ada Lovelace`, `assigned ${ID} Ada Lovelace`],
    [`assign ${ID} to Ada Lovelace, please`, `assigned ${ID} Ada Lovelace`],
    [`assign ${ID} <at>Ada</at> <at>Lovelace</at>`, `assigned ${ID} Ada Lovelace`],
    [`assign <at>Ada Lovelace</at> to ${ID}`, `assigned ${ID} Ada Lovelace`],
    [`${ID}: reassign to Ada`, `assigned ${ID} Ada`],
    [`hand over ${ID} to Grace`, `assigned ${ID} Grace`],
    [`assign ${ID} to nobody`, `released ${ID}`],
    [`release ${ID}`, `released ${ID}`],
    [`drop t-7qk2m-9xd4r`, `released ${ID}`],
    [`unassign ${ID}`, `released ${ID}`],
    [`comment ${ID} still white`, `commented ${ID} still white`],
    [`note ${ID}: still white`, `commented ${ID} still white`],
    [`add a comment to ${ID}: still white`, `commented ${ID} still white`],
    [`${ID} comment - still white`, `commented ${ID} still white`],
    [`comment on ${ID}:\nstill white\n\nand slow`, `commented ${ID} still white\n\nand slow`],
    [`comment ${ID} Steps: open the page`, `commented ${ID} Steps: open the page`],
    [`priority ${ID} high`, `priority-changed ${ID} high`],
    [`priority high ${ID}`, `priority-changed ${ID} high`],
    [`prio ${ID} = Low`, `priority-changed ${ID} low`],
    [`set priority of ${ID} to high, please`, `priority-changed ${ID} high`],
    [`set ${ID} to medium`, `priority-changed ${ID} medium`],
    [`close ${ID}`, `closed ${ID}`],
    [`resolve ${ID} fixed in 4.2`, `closed ${ID} fixed in 4.2`],
    [`${ID} done`, `closed ${ID}`],
    [`${ID} is fixed`, `closed ${ID}`],
    [`t7qk2m9xd4r: closed, duplicate of T-00000-00001`, `closed ${ID} duplicate of T-00000-00001`],
    [`can you close ${ID}?`, `closed ${ID}`],
    [`reopen ${ID} it is back`, `reopened ${ID} it is back`],
    [`${ID} open again`, `reopened ${ID}`],
    [`withdraw ${ID} not needed`, `withdrawn ${ID} not needed`],
    [`cancel ${ID}`, `withdrawn ${ID}`],
    [`edit ${ID} Title: Login page is white`, `edited ${ID} Login page is white`],
    [`edit ${ID} title Login page is white`, `edited ${ID} Login page is white`],
    [`edit ${ID}\nTitle: a\nDescription: b\nc`, `edited ${ID} a b\nc`],
  ])('"%s"', (text, expected) => {
    expect(said(commandOf(text))).toBe(expected)
  })

  test('finds the id of a mention, by the name as it is shown or by the account’s', () => {
    const mentions = [
      { name: 'tickets', id: '28:b', isBot: 'yes' },
      { name: 'Ada', account: 'Ada Lovelace', id: '29:ada', isBot: 'no' },
    ] as const
    const to = { name: 'Ada', id: '29:ada', account: 'Ada Lovelace' }
    expect(commandOf(`assign ${ID} <at>Ada</at>`, { mentions })).toMatchObject({ change: { kind: 'assigned', to } })
    expect(commandOf(`assign ${ID} ada lovelace`, { mentions })).toMatchObject({ change: { to: { id: '29:ada' } } })
    expect(commandOf(`assign ${ID} Grace`, { mentions })).toMatchObject({ change: { to: { name: 'Grace' } } })
  })
})

describe('a list', () => {
  test.each([
    ['list', 'list open'],
    ['open', 'list open'],
    ['open tickets', 'list open'],
    ['show all tickets', 'list open'],
    ['list high', 'list open high'],
    ['high tickets', 'a ticket'],
    ['tickets high unassigned', 'list unassigned high'],
    ['list open high and unassigned', 'list unassigned high'],
    ['unassigned', 'list unassigned'],
    ['closed', 'list closed'],
    ['list closed tickets', 'list closed'],
    ['mine', 'list mine'],
    ['my tickets', 'list mine'],
    ['list mine', 'list mine'],
    ['show me my open tickets', 'list mine'],
    [`list high after ${ID}`, `list open high ${ID}`],
    [`mine more ${ID}`, `list mine ${ID}`],
    ['list more', 'which-more: list after T-…'],
    ['list closed high', 'filters: list high | list closed'],
    [`list ${ID}`, `unknown: status ${ID} | list after ${ID}`],
  ])('"%s"', (text, expected) => {
    expect(said(commandOf(text))).toBe(expected)
  })
})

describe('a near miss is never guessed', () => {
  test.each([
    [`clsoe ${ID}`, `unknown: close ${ID}`],
    [`${ID} clsoe fixed`, `unknown: close ${ID} fixed`],
    [`stauts ${ID}`, `unknown: status ${ID}`],
    ['hlep', 'unknown: help'],
    ['lst', 'unknown: list'],
    ['list hihg', 'unknown: list high'],
    [`priority ${ID} hgih`, `no-priority: priority ${ID} high`],
    [`priority ${ID}`, `no-priority: priority ${ID} high | priority ${ID} medium | priority ${ID} low`],
    [`priority ${ID} urgent`, `no-priority: priority ${ID} high`],
    [`${ID} high`, `unknown: priority ${ID} high`],
    [`${ID} is still broken`, `unknown: comment ${ID} is still broken | status ${ID}`],
    [`open ${ID}`, `unknown: reopen ${ID} | list after ${ID}`],
    [`frobnicate ${ID}`, `unknown: status ${ID} | comment ${ID} …`],
    [`take ${ID} off my list`, `extra-words: take ${ID} | comment ${ID} off my list`],
    [`close ${ID} T-12345-6789A`, `several-tickets: close ${ID} | close T-12345-6789A`],
    [
      `close ${ID}, t12345 6789a and 23456-789AB please`,
      `several-tickets: close ${ID} | close T-12345-6789A | close T-23456-789AB`,
    ],
    [`${ID} & T-12345-6789A done`, `unknown: comment ${ID} & T-12345-6789A done | status ${ID}`],
    [`reopen ${ID} or T-12345-6789A?`, `several-tickets: reopen ${ID} | reopen T-12345-6789A`],
    [`release ${ID} I am away`, `extra-words: release ${ID} | comment ${ID} I am away`],
    [`assign ${ID}`, `no-person: assign ${ID} @Name | take ${ID}`],
    [`comment ${ID}`, `no-text: comment ${ID} your text`],
    [`edit ${ID}`, `no-fields: edit ${ID} Title: a new title`],
    [`edit ${ID} Priority: high`, `other-fields: priority ${ID} high | comment ${ID} your text`],
  ])('"%s"', (text, expected) => {
    expect(said(commandOf(text))).toBe(expected)
  })
})

describe('a text is meant as a ticket', () => {
  test.each([
    'Title: a',
    'help\nTitle: a',
    `status ${ID}\nPriority: high`,
    `close ${ID}\nTitle: a\nPriority: high\nDescription: b`,
    `comment ${ID}\nTitle: a\nPriority: high\nDescription: b`,
    'close: Title: a',
    'help, the Title: field is gone',
    'the login page is blank',
    'statuspage is down',
    'helpdesk is down',
    'help, since this morning the login page is blank for everybody here',
    'close the window and the page is blank',
    'close login pages',
    'close 12345 67890 tries',
    'open the login page and it is blank',
    'take a look at the login page',
    'show me the money page',
    'my login page is blank',
    'list of users is empty',
    'all users see a blank page',
    'closed tickets cannot be opened in the app',
    'assign rights do not work',
    'priority lane of the shop is broken',
    'edit mode is broken',
    'note that the login page is blank',
    'done button is grey',
    `the fix of ${ID} did not work`,
  ])('"%s"', (text) => {
    expect(said(rootCommandOf(text))).toBe('a ticket')
    expect(rootCommandOf(text)).toEqual({ kind: 'ticket', message: { text, mention: 'tickets', ignored: 0 } })
  })

  test('without a mention in its markup has no name of the bot', () => {
    expect(readCommand({ id: '1', at: 0, text: 'help', imageAttachments: 0, conversationId: 'c' })).toEqual({
      kind: 'help',
    })
  })
})

describe('the table', () => {
  const spellings = COMMANDS.flatMap(({ verb, aliases, needs }) =>
    [verb, ...aliases].map((spelling) => [spelling, verb, needs] as const),
  )

  test.each(spellings.filter(([, , needs]) => needs.startsWith('ticket')))('knows "%s" as %s', (spelling, verb) => {
    const asked = rootCommandOf(`${spelling} ${ID}`)
    const words = { status: '', assign: ' Ada', comment: ' a', priority: ' low', edit: ' title a' }
    const rest = Object.entries(words).find(([name]) => name === verb)?.[1] ?? ''
    for (const text of [
      `${spelling} ${ID}${rest}`,
      `${ID} ${spelling}${rest}`,
      `${spelling.toUpperCase()} ${ID}${rest}`,
    ]) {
      const command = rootCommandOf(text)
      expect([verb, 'help']).toContain(command.kind === 'change' ? command.verb : command.kind)
    }
    expect(asked.kind).not.toBe('ticket')
  })

  test.each(spellings.filter(([, , needs]) => !needs.startsWith('ticket')))('knows "%s" as %s', (spelling, verb) => {
    expect(rootCommandOf(spelling).kind).toBe(verb === 'help' ? 'help' : 'list')
  })

  test('has no spelling twice for one kind of need', () => {
    const seen = spellings.map(([spelling, , needs]) => `${needs.startsWith('ticket')} ${spelling}`)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('has usages that are commands, and lines of help that are sentences', () => {
    for (const { verb, usage, help } of COMMANDS) {
      expect(usage.startsWith(verb)).toBe(true)
      expect(help).toMatch(/^[a-z].*\.$/)
    }
  })
})

describe('any text', () => {
  test('is read the same with courtesy around it', () => {
    for (const { verb } of COMMANDS.filter(({ needs }) => needs === 'ticket'))
      expect(commandOf(`Hello, could you please ${verb} ${ID}, thanks!`)).toEqual(commandOf(`${verb} ${ID}`))
  })

  test('with a complete form is a ticket, whatever stands before it, but for edit', () => {
    const words = fc.constantFrom(
      ...COMMANDS.flatMap(({ verb, aliases }) => [verb, ...aliases]),
      ID,
      'please',
      'x',
      ':',
    )
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), (before) => {
        const command = commandOf(`${before.join(' ')}\nTitle: a\nPriority: high\nDescription: b`)
        if (command.kind === 'ticket') return
        expect(said(command)).toMatch(/^(other-fields|no-fields)/)
      }),
    )
  })

  test('never throws', () => {
    const parts = fc.constantFrom(
      ...COMMANDS.map(({ verb }) => verb),
      ID,
      'T-',
      ' ',
      '\n',
      '>',
      ':',
      'me',
      'high',
      '@Ada',
      '💥',
      '…',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 8 }), (some) => {
        expect(readCommand({ ...ACTIVITY, text: some.join(' ') }).kind).toBeTypeOf('string')
      }),
    )
  })
})
