import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import {
  chooseRecord,
  decideStatus,
  parseDraft,
  readCard,
  readCommand,
  replyAccepted,
  replyHelp,
  replyMaybe,
  replyNotAccepted,
  replyUnclear,
  replyWhichTicket,
  replyProblems,
  replyStatus,
  replyTooLarge,
  type BadDraft,
  type CardReply,
  type LedgerRecord,
  type StatusAnswer,
  type Stored,
} from './index.ts'

const ID = 'T-7QK2M-9XD4R'
const TICKET = { id: ID, title: 'Login', priority: 'high' } as const

function badDraftOf(text: string): BadDraft {
  const parsed = parseDraft(text)
  if (parsed.ok) throw new Error('accepted')
  return parsed.failure
}

function lines(reply: CardReply): string[] {
  return readCard(reply).split('\n')
}

function cardOf(answer: StatusAnswer): string[] {
  return lines(replyStatus({ answer }))
}

describe('the card of an accepted ticket', () => {
  test('shows its id, priority, destination and how to ask for it', () => {
    expect(lines(replyAccepted({ ticket: TICKET, mention: 'Helpdesk' }))).toEqual([
      'Ticket T-7QK2M-9XD4R accepted',
      'Title: Login',
      'Priority: High',
      'Goes to: the alert channel (Slack)',
      'Where is it? @Helpdesk status T-7QK2M-9XD4R',
    ])
  })

  test('is an activity that Teams takes: one Adaptive Card 1.4', () => {
    expect(replyAccepted({ ticket: TICKET })).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
          },
        },
      ],
    })
  })

  test('says that a quoted message was left out', () => {
    const warning = 'The message that you quoted is not part of the ticket: copy from it what matters.'
    expect(lines(replyAccepted({ ticket: TICKET, hasQuote: true }))).toContain(warning)
    expect(readCard(replyProblems({ ...badDraftOf('Title: x'), hasQuote: true }))).toContain(warning)
    expect(readCard(replyAccepted({ ticket: TICKET }))).not.toContain('quoted')
  })

  test('says that pictures were ignored', () => {
    expect(lines(replyAccepted({ ticket: TICKET, ignored: 1 }))).toContain(
      'A picture or file in your message was ignored: only text can be taken over. Add a link to it instead.',
    )
    expect(readCard(replyAccepted({ ticket: TICKET, ignored: 2 }))).toContain(
      '2 pictures or files in your message were ignored',
    )
  })

  test('shortens a long title, on the card only', () => {
    expect(lines(replyAccepted({ ticket: { ...TICKET, title: 'x'.repeat(400) } }))[1]).toBe(
      `Title: ${'x'.repeat(300)}… (shortened here)`,
    )
  })
})

describe('the card of a bad message', () => {
  test('names every problem and shows the form to paste back', () => {
    expect(lines(replyProblems(badDraftOf('Priority: hgih\nDescription: White.')))).toEqual([
      'This is not a ticket yet',
      '• Title is missing: write “Title:” and a short text on one line.',
      '• Priority is “hgih”: it must be low, medium or high. Did you mean High?',
      'Copy this, fill the blanks, and send it to @tickets:',
      'Title:',
      'Priority: High',
      'Description: White.',
      'How it works: @tickets help',
    ])
  })

  test('asks only to check a form without blanks', () => {
    const card = lines(replyProblems(badDraftOf('Title: a\nPriority: hgih\nDescription: White.')))
    expect(card).toContain('Copy this, check it, and send it to @tickets:')
    const form = card.slice(card.indexOf('Title: a'), card.indexOf('Title: a') + 3).join('\n')
    expect(parseDraft(form)).toMatchObject({ ok: true, value: { title: 'a', priority: 'high', description: 'White.' } })
  })

  test('says so when a field is empty', () => {
    expect(lines(replyProblems(badDraftOf('Title:\nPriority: low\nDescription: x')))).toContain(
      '• Title is empty: it needs a short text on one line.',
    )
  })

  test('says when it shows less than was written', () => {
    expect(readCard(replyProblems(badDraftOf('a long story. '.repeat(3000))))).toContain(
      '… (shortened here)\nYour text is longer than a card can show: add the rest of it when you paste.',
    )
  })

  test.each([
    ['letters', 'x'.repeat(100_000)],
    ['lines', 'x\n'.repeat(20_000)],
    ['letters of three bytes', '中'.repeat(50_000)],
    ['halves of characters', '\ud800'.repeat(50_000)],
    ['quotes', '"'.repeat(50_000)],
  ])('stays under 28 KB with many %s', (_what, text) => {
    const reply = replyProblems({ ...badDraftOf(`Priority: ${text}\nTitle: ${text}`), ignored: 3, mention: text })
    expect(new TextEncoder().encode(JSON.stringify(reply)).byteLength).toBeLessThan(28_000)
  })
})

describe('text of users on a card', () => {
  const hostile =
    '[click](https://evil.example) **bold** <at>everyone</at> {{DATE(2017-02-14T06:08:00Z)}} \u202egnp.exe ![x](https://evil.example/x.png)'

  test('stands as it was written: no block of a card renders markdown', () => {
    const reply = replyProblems({ ...badDraftOf(`Title: ${hostile}\nPriority: ${hostile}`), mention: hostile })
    const json = JSON.stringify(reply)
    expect(json).not.toContain('"TextBlock"')
    expect(json).not.toContain('"entities"')
    expect(readCard(reply)).toContain('Title: [click](https://evil.example) **bold** <at>everyone</at>')
  })

  test('cannot run a date function or change the reading direction', () => {
    const reply = replyAccepted({ ticket: { ...TICKET, title: hostile } })
    expect(readCard(reply)).not.toContain('{{')
    expect(readCard(reply)).not.toContain('\u202e')
    expect(readCard(reply)).toContain('gnp.exe')
  })

  test('cannot forge a line of the card', () => {
    const reply = replyAccepted({ ticket: { ...TICKET, title: 'a\nGoes to: nowhere' } })
    expect(lines(reply)).toHaveLength(5)
  })

  test('never breaks a card', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, mention) => {
        const bad = parseDraft(text)
        if (bad.ok) return
        const reply = replyProblems({ ...bad.failure, mention })
        for (const { type, inlines } of reply.attachments[0].content.body) {
          expect(type).toBe('RichTextBlock')
          for (const { text } of inlines) expect(text).not.toMatch(/[\n\u202a-\u202e]|\{\{/)
        }
      }),
    )
  })
})

describe('the other cards', () => {
  test('help shows a form that is accepted', () => {
    const card = readCard(replyHelp({ mention: 'Helpdesk' }))
    const form = card.slice(card.indexOf('Title:'), card.indexOf('\nPriority is'))
    expect(parseDraft(form)).toMatchObject({ ok: true, value: { title: 'Login page is blank', priority: 'high' } })
    expect(card).toContain('@Helpdesk status T-…')
    expect(card).toContain('Medium: goes to the team board (Trello)')
  })

  test('not accepted asks to send again', () => {
    expect(lines(replyNotAccepted())).toEqual([
      'Your ticket was not accepted',
      'Our side could not take it, and nothing of it was kept. Please send your message to @tickets again.',
    ])
  })

  test('maybe shows the id, how to find out, and that sending again makes another ticket', () => {
    expect(lines(replyMaybe({ id: ID }))).toEqual([
      'T-7QK2M-9XD4R may or may not arrive',
      'The queue did not answer in time, so it is not known yet whether it took your ticket.',
      'In a few minutes, @tickets status T-7QK2M-9XD4R shows what became of it.',
      'Sending the same text again makes a new ticket: it may then arrive twice.',
    ])
  })

  test('too large shows the size and the limit', () => {
    expect(lines(replyTooLarge({ bytes: 300_000, limit: 262_144 }))[1]).toBe(
      'It takes 293 KiB in the queue; 256 KiB is the most. Nothing was cut and nothing was sent.',
    )
  })

  test('an id that cannot be one is named as such', () => {
    expect(lines(replyWhichTicket({ given: 'T-123', verb: 'status' }))).toEqual([
      '“T-123” is not a ticket id',
      'An id looks like T-7QK2M-9XD4R and stands on the card that accepted the ticket.',
      'Then: @tickets status T-…, with the id in place of T-…',
      'Your tickets: @tickets mine',
    ])
    expect(lines(replyWhichTicket({ given: '', verb: 'close' }))[0]).toBe('Which ticket?')
  })

  test('name only commands that work', () => {
    const cards = [
      replyAccepted({ ticket: TICKET }),
      replyProblems(badDraftOf('x')),
      replyHelp(),
      replyMaybe({ id: ID }),
      replyStatus({ answer: { kind: 'no-record', id: ID } }),
      replyWhichTicket({ given: 'x', verb: 'close' }),
      replyUnclear({ why: 'unknown', suggestions: [`close ${ID}`] }),
    ]
    const named = cards.flatMap((card) => [...readCard(card).matchAll(/@tickets (\w+(?: T-\w{5}-\w{5})?)/g)])
    expect(named.length).toBeGreaterThanOrEqual(cards.length)
    for (const [, words = ''] of named) {
      const command = readCommand({ id: '1', at: 0, text: words, imageAttachments: 0, conversationId: 'c' })
      expect(['help', 'status', 'list', 'change', 'which-ticket']).toContain(command.kind)
    }
  })
})

describe('the status of a ticket', () => {
  const AT = Date.parse('2026-11-23T14:03:22.000Z')
  const RECORD: LedgerRecord = {
    v: 1,
    id: ID,
    source: 'a'.repeat(64),
    digest: 'b'.repeat(64),
    team: 'team',
    life: 0,
    state: 'waiting',
    nonce: 'n',
    crashes: 0,
    firstClaimAt: AT,
    attempts: { count: 0, last: [] },
  }
  const FAILED = { at: AT, outcome: 'retry', code: 'http-503', reason: 'Slack answered 503' } as const

  function ask(change: Partial<LedgerRecord>, team: string | undefined = 'team'): StatusAnswer {
    const item = { ...RECORD, ...change }
    return decideStatus({ id: ID, stored: { kind: 'found', item, version: '1' }, team })
  }

  function found(state: LedgerRecord['state']): Stored<LedgerRecord> {
    return { kind: 'found', item: { ...RECORD, state }, version: '1' }
  }

  function at(deliveredAt: number): Stored<LedgerRecord> {
    return { kind: 'found', item: { ...RECORD, state: 'delivered', deliveredAt }, version: '1' }
  }

  function dead(diedAt: number): Stored<LedgerRecord> {
    return { kind: 'found', item: { ...RECORD, state: 'dead', diedAt }, version: '1' }
  }

  test('of a ticket whose priority changed is where it came last', () => {
    expect(chooseRecord([at(1), at(2)])).toEqual(at(2))
    expect(chooseRecord([at(2), at(1)])).toEqual(at(2))
  })

  test('of a ticket that was dead, and arrived elsewhere since, is where it arrived', () => {
    expect(chooseRecord([dead(1), at(2)])).toEqual(at(2))
    expect(chooseRecord([at(2), dead(3)])).toEqual(dead(3))
    expect(chooseRecord([dead(1), found('waiting')])).toEqual(dead(1))
  })

  test('of records in several lanes is the one that still needs work: a "delivered" hides none', () => {
    const unavailable = { kind: 'unavailable', reason: 'S3 is silent' } as const
    const absent = { kind: 'absent' } as const
    expect(chooseRecord([found('delivered'), absent, found('waiting')])).toEqual(found('waiting'))
    expect(chooseRecord([found('waiting'), found('dead'), unavailable])).toEqual(found('dead'))
    expect(chooseRecord([absent, unavailable, absent])).toEqual(unavailable)
    expect(chooseRecord([absent, absent, absent])).toEqual(absent)
  })

  test('delivered: when, where, with a link that opens', () => {
    const receipt = { destination: 'board', where: 'card aB3dE', url: 'https://trello.com/c/aB3dE' } as const
    const answer = ask({ state: 'delivered', deliveredAt: AT, receipt })
    expect(cardOf(answer)).toEqual([
      'T-7QK2M-9XD4R is delivered',
      'Delivered: 2026-11-23 14:03 UTC',
      'Where: the team board (Trello): card aB3dE',
      'Link: https://trello.com/c/aB3dE',
    ])
    expect(replyStatus({ answer }).attachments[0].content.actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Open', url: 'https://trello.com/c/aB3dE' },
    ])
  })

  test('delivered without a link that people can open: none is shown', () => {
    const receipt = { destination: 'bucket', where: 'tickets/a.json', url: 's3://b/tickets/a.json' } as const
    const reply = replyStatus({ answer: ask({ state: 'delivered', deliveredAt: AT, receipt }) })
    expect(readCard(reply)).not.toContain('Link')
    expect(reply.attachments[0].content).not.toHaveProperty('actions')
  })

  test('dead: the cause, and whether it may have arrived anyway', () => {
    const failure = { code: 'http-400', reason: 'Slack refuses the text' }
    expect(cardOf(ask({ state: 'dead', failure }))).toEqual([
      'T-7QK2M-9XD4R could not be delivered',
      'Cause: Slack refuses the text',
      'It is kept whole, and an admin can deliver it once the cause is put right.',
    ])
    expect(cardOf(ask({ state: 'dead', failure, suspect: true }))[2]).toBe(
      'It may have been delivered already: the outcome is not known.',
    )
  })

  test('being retried: the last reason and the next attempt', () => {
    const attempts = { count: 1, first: FAILED, last: [FAILED] }
    expect(cardOf(ask({ attempts, retryAt: AT + 60_000 }))).toEqual([
      'T-7QK2M-9XD4R is being retried',
      'Reason: Slack answered 503',
      'Next attempt: 2026-11-23 14:04 UTC',
      'Ask again: @tickets status T-7QK2M-9XD4R',
    ])
    expect(cardOf(ask({ attempts, state: 'claimed', retryAt: AT }))[2]).toBe('Next attempt: at work now')
  })

  test('of an interrupted attempt counts as being retried', () => {
    expect(ask({ state: 'claimed', crashes: 1 })).toEqual({
      kind: 'retrying',
      id: ID,
      reason: 'the delivery was cut off in the middle',
    })
  })

  test('at its first attempt: being delivered', () => {
    expect(cardOf(ask({ state: 'claimed' }))[0]).toBe('T-7QK2M-9XD4R is being delivered now')
  })

  test('without a record: not delivered yet, or never accepted', () => {
    const answer = decideStatus({ id: ID, stored: { kind: 'absent' }, team: 'team' })
    expect(cardOf(answer)[0]).toBe('T-7QK2M-9XD4R: not delivered yet, or never accepted')
  })

  test('that could not be read says so', () => {
    const answer = decideStatus({
      id: ID,
      stored: { kind: 'unavailable', reason: 'secret-bucket timed out' },
      team: 'team',
    })
    expect(cardOf(answer)[0]).toBe('T-7QK2M-9XD4R could not be looked up')
    expect(cardOf(answer).join('')).not.toContain('secret-bucket')
  })

  test.each<LedgerRecord['state']>(['waiting', 'claimed', 'delivered', 'dead'])(
    'hides from another team a ticket that is %s: the answer is that of no record',
    (state) => {
      const none = decideStatus({ id: ID, stored: { kind: 'absent' }, team: 'other' })
      expect(ask({ state }, 'other')).toEqual(none)
    },
  )

  test('hides a ticket without a team, and one whose own team is not known', () => {
    const { team: _team, ...teamless } = RECORD
    const stored = { kind: 'found', item: teamless, version: '1' } as const
    expect(decideStatus({ id: ID, stored, team: undefined }).kind).toBe('no-record')
    expect(decideStatus({ id: ID, stored, team: 'team' }).kind).toBe('no-record')
  })
})
