import { fc } from '@fast-check/vitest'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDraft, readActivity, readCommand, renderMessage, type Command, type Draft } from './index.ts'

interface Reported {
  readonly id: string
  readonly kind: string
  readonly what: string
  readonly expect: Partial<Draft> & {
    readonly command?: Command['kind']
    readonly problems?: readonly string[]
    readonly mention?: string
    readonly hasQuote?: boolean
    readonly ignored?: number
  }
  readonly text?: string
  readonly html?: string
  readonly entities?: readonly unknown[]
  readonly attachments?: readonly unknown[]
}

const FILE = new URL('../../../fixtures/teams/reported-messages.json', import.meta.url)
const reported: readonly Reported[] = JSON.parse(readFileSync(FILE, 'utf8'))

/** A failing seed given here replays exactly. */
const SEED = Number(process.env['TICKETING_SEED'] ?? 20_261_128)

type Parts = Pick<Reported, 'text' | 'html' | 'entities' | 'attachments'>

function commandOf({ text = '<at>tickets</at>', html, entities = [], attachments = [] }: Parts): Command {
  const body = {
    type: 'message',
    id: '1795442602000',
    from: { name: 'Ada' },
    conversation: { id: '19:a@thread.tacv2' },
    text,
    entities,
    attachments: [...(html === undefined ? [] : [{ contentType: 'text/html', content: html }]), ...attachments],
  }
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const activity = readActivity({ body: bytes, now: 0, maxAgeMs: Number.POSITIVE_INFINITY })
  if (!activity.ok) throw new Error(activity.failure.code)
  return readCommand(activity.value)
}

/** What the system makes of a message: the fields of the ticket, the problems, or the command. */
function outcomeOf(parts: Parts): object {
  const command = commandOf(parts)
  const { mention } = command
  if (command.kind !== 'ticket') return { command: command.kind, mention }
  const { text, ignored, hasQuote = false } = command.message
  const draft = parseDraft(text)
  const read = draft.ok ? draft.value : { problems: draft.failure.problems.map(({ field }) => field) }
  return { ...read, mention, ignored, hasQuote }
}

describe.each([...Map.groupBy(reported, ({ kind }) => kind)])('what people report: %s', (_kind, cases) => {
  test.each(cases)('$id: $what', (one) => {
    const isTicket = one.expect.command === undefined
    expect(outcomeOf(one)).toMatchObject({ ...(isTicket && { ignored: 0, hasQuote: false }), ...one.expect })
  })
})

const withHtml = reported.filter(({ html, id }) => html !== undefined && id !== 'quote-cut-off')
const cases = fc.constantFrom(...reported)
const QUOTE =
  '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1"><strong itemprop="mri">Bo</strong>' +
  '<p itemprop="preview">Title: OLD<br>Priority: high<br>Description: OLD<br>Steps: OLD</p></blockquote>'

function hold<Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>): void {
  fc.assert(property, { seed: SEED, numRuns: 300 })
}

describe(`what people report, changed at random, seed ${SEED}`, () => {
  const scraps = fc.constantFrom(
    ...'< > </ & ; " \\ Title: ### 1) <at> </at> <p> <br> <td> <tr> <table> </table> <blockquote> </blockquote> <pre>'.split(
      ' ',
    ),
    '\nPriority: high',
    '\n> ',
    ' | ',
    '\t',
    '\n',
    '\u2068',
    '\u2069',
    '\u200f',
    '\ud800',
    '\u0000',
    '<!--',
    '-->',
    '<style>',
    '<img alt="🍺">',
    '<quoted messageId="1"/>',
    '<readonly itemtype="http://schema.skype.com/Mention">',
  )
  /** The place, as a part of the whole; the number of characters removed; the text inserted. */
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), scraps), { maxLength: 6 })
  const changed = fc.tuple(cases, cases, changes).map(([one, other, edits]): Parts => {
    const edit = (markup: string): string =>
      edits.reduce((text, [place, length, scrap]) => {
        const at = Math.floor(place * text.length)
        return text.slice(0, at) + scrap + text.slice(at + length)
      }, markup)
    const parts = { text: edit(one.text ?? ''), entities: other.entities ?? [] }
    return one.html === undefined ? parts : Object.assign(parts, { html: edit(one.html + (other.html ?? '')) })
  })

  test('is understood or refused with a form that is accepted, and never throws', () => {
    hold(
      fc.property(changed, (parts) => {
        const command = commandOf(parts)
        if (command.kind !== 'ticket') return
        expect(command.message.text).not.toMatch(/\p{Cc}(?<![\t\n])/u)
        const draft = parseDraft(command.message.text)
        const form = draft.ok ? renderMessage(draft.value) : draft.failure.correctedForm
        const filled = form
          .replace(/^Title:$/m, 'Title: filled')
          .replace(/^Priority:$/m, 'Priority: low')
          .replace(/^Description:$/m, 'Description: filled')
        expect(parseDraft(filled)).toMatchObject(draft.ok ? draft : { ok: true })
      }),
    )
  })

  test('says the same with a quote of another message above or below it', () => {
    hold(
      fc.property(fc.constantFrom(...withHtml), fc.boolean(), (one, isAbove) => {
        const html = isAbove ? `${QUOTE}${one.html}` : `${one.html}${QUOTE}`
        const { hasQuote, ...quoted } = { hasQuote: true, ...outcomeOf({ ...one, html }) }
        expect(hasQuote).toBe(true)
        expect(outcomeOf(one)).toMatchObject(quoted)
      }),
    )
  })

  test('says the same with tags of other programs in it', () => {
    const tags = fc.constantFrom('<o:p>', '</o:p>', '<x-badge tone="a>b">', '<!-- a -->', '<![if !x]>', '<font face=x>')
    hold(
      fc.property(fc.constantFrom(...withHtml), fc.double({ min: 0, max: 1, noNaN: true }), tags, (one, place, tag) => {
        const html = one.html ?? ''
        const at = html.indexOf('>', Math.floor(place * html.length)) + 1
        if (at === 0 || /<(?:!|\?)/.test(html)) return
        expect(outcomeOf({ ...one, html: html.slice(0, at) + tag + html.slice(at) })).toEqual(outcomeOf(one))
      }),
    )
  })
})
