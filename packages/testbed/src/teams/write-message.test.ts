import { parseDraft, readActivity, readMessage } from 'ticket-core'
import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '@ticketing/local-aws'
import { createTeamsSimulator } from './create-teams-simulator.ts'
import { TEAMS_SHAPES, toLines, writeMessage, type TeamsLine } from './write-message.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

const FORM = { title: 'R&D: login <page> is "blank"', priority: 'high', description: 'White since 9:40 + 1 min.' }

// Each expectation is the shape of a public source that docs/discoveries/teams.md names.
describe('a message', () => {
  test('in divs has a div a line in html, and line breaks in text', () => {
    expect(writeMessage('bot', ['one', 'two'], 'divs')).toEqual({
      html: '<div><div><span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">bot</span>&nbsp;</div>\n<div>one</div>\n<div>two</div>\n</div>',
      text: '<at>bot</at>&nbsp;\none\ntwo\n',
    })
  })

  test('in paragraphs keeps <p> in text too', () => {
    const { html, text } = writeMessage('bot', ['one', 'two'], 'paragraphs')
    expect(html).toContain('<p>one</p>\n<p>two</p>')
    expect(text).toContain('<p>one</p>\n<p>two</p>')
  })

  test('with soft breaks begins on the line of the mention', () => {
    expect(writeMessage('bot', ['one', 'two'], 'breaks').html).toContain('</span>&nbsp;one<br>\ntwo</div>')
  })

  test('that collapsed has no lines', () => {
    const { html, text } = writeMessage('bot', ['one', 'two'], 'collapsed')
    expect(text).toBe('<at>bot</at>&nbsp;one two&nbsp;&nbsp;\n')
    expect(html).toContain('&nbsp;one two&nbsp;&nbsp;</div>')
  })

  test('that was pasted has a block of its own, CR LF in text, and more entities in html', () => {
    const { html, text } = writeMessage('bot', ['1 + 1', '"x"'], 'copy-paste')
    expect(html).toContain('<div itemprop="copy-paste-block">')
    expect(html).toContain('1 &#43; 1<br>&quot;x&quot;')
    expect(text).toBe('\r\n<at>bot</at>&nbsp;1 + 1\r\n"x"\n')
  })

  test('of text only has no html copy', () => {
    expect(writeMessage('bot', ['one', 'two'], 'text-only')).toEqual({ text: '<at>bot</at> one\ntwo' })
  })

  test('keeps a link’s target in html only, and an emoji as a picture inside <at> in text', () => {
    const link = writeMessage('bot', [{ before: 'see ', link: 'the log', url: 'https://example.com/?a=1&b=2' }], 'divs')
    expect(link.html).toContain('see <a href="https://example.com/?a=1&amp;b=2"')
    expect(link.text).toContain('see the log\n')
    const emoji = writeMessage('bot', [{ before: 'cheers ', emoji: '🍺' }], 'divs')
    expect(emoji.text).toContain('cheers <at><img alt="🍺"')
  })
})

describe('the product reads', () => {
  const clock = createVirtualClock(START)
  const teams = createTeamsSimulator({ clock, token: 'AAAA' })
  const read = (lines: readonly TeamsLine[], shape: (typeof TEAMS_SHAPES)[number]) => {
    const bytes = new TextEncoder().encode(JSON.stringify(teams.compose(lines, { shape })))
    const activity = readActivity({ body: bytes, now: clock.now(), maxAgeMs: 300_000 })
    return activity.ok ? parseDraft(readMessage(activity.value).text) : activity
  }

  test.each(TEAMS_SHAPES)('the same draft from the form in %s', (shape) => {
    expect(read(toLines(FORM), shape)).toMatchObject({ ok: true, value: FORM })
  })

  test.each(TEAMS_SHAPES)('the same draft with steps from the form in %s', (shape) => {
    expect(read(toLines({ ...FORM, steps: 'Open it.' }), shape)).toMatchObject({
      ok: true,
      value: { ...FORM, steps: 'Open it.' },
    })
  })

  test('a link, an emoji and a code block of a description', () => {
    const lines: TeamsLine[] = [
      'Title: Login',
      'Priority: low',
      { before: 'Description: see ', link: 'the log', url: 'https://example.com/log' },
      { before: 'cheers ', emoji: '🍺' },
      { code: ['if (a < b) {', '  stop()', '}'] },
    ]
    const draft = read(lines, 'divs')
    const description = draft.ok ? draft.value.description : ''
    expect(description).toContain('https://example.com/log')
    expect(description).toContain('🍺')
    expect(description).toContain('if (a < b) {\n  stop()\n}')
  })
})
