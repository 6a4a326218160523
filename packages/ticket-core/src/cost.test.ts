import { fc } from '@fast-check/vitest'
import { describe, expect, test, vi } from 'vitest'
import { collectLinks } from './collect-links.ts'
import { tokenizeHtml } from './html-tokens.ts'
import { parseDraft, readCommand, readMessage } from './index.ts'

/** Texts that could make a scan start over again and again, repeated up to a size. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['tags that never end', '<a '],
  ['quotes that never end', '<a "'],
  ['quotes of both kinds', `<a "'`],
  ['attributes that never end', '<a href="x '],
  ['comments that never end', '<!-- '],
  ['mentions that never end', '<at>'],
  ['mentions of pictures', '<at><img></at>'],
  ['links on one line', '<a href="http://a.b">c</a>'],
  ['links that never close', '[a](http://b'],
  ['brackets and links', '](http://b)'],
  ['ampersands', '&'],
  ['numeric references that never end', '&#1'],
  ['spaces', ' '],
  ['spaces that end in a letter', '          x'],
  ['labels', 'Title: '],
  ['labels without a colon', 'steps to reproduce '],
  ['marks of bold', '**'],
  ['backslashes', '\\'],
  ['line breaks', '\n'],
  ['lists in lists', '<ul><li>'],
  ['code blocks', '<pre>Title: x'],
  ['no-break spaces', '&nbsp;'],
  ['quotes in quotes', '<blockquote><p itemprop="preview">'],
  ['quotes of replies', '<blockquote itemtype="http://schema.skype.com/Reply">'],
  ['quotes that close and do not open', '</blockquote>'],
  ['quoted messages', '<quoted messageid="1">'],
  ['unseen elements', '<style><title>'],
  ['mentions in a row', '<at>a</at> '],
  ['declarations that never end', '<!a '],
  ['attachments that never end', '<attachment '],
  ['tables in tables', '<table><tr><td>a'],
  ['cells', '<td>Title</td>'],
  ['rows of bars', 'Title | a\n'],
  ['bars', '|'],
  ['tabs', 'a\t'],
  ['quoted lines', '> Title: x\n'],
  ['quote marks', '> > > > > > > > >'],
  ['numbers of a list', '1) a) [x] (iv) '],
  ['marks of direction', '\u2068\u2069'],
  ['open isolates', '\u2066'],
  ['lone marks of direction', '\u200f '],
  ['emoji', '👩‍🚀1️⃣'],
  ['names of emoji', ':shipit:'],
  ['lines of check boxes', `${'[x]'.repeat(30)}z\n`],
]

function repeat(scrap: string, size: number): string {
  return scrap.repeat(Math.ceil(size / scrap.length)).slice(0, size)
}

/**
 * A test cannot see the characters that a search reads, but it can see calls: each `indexOf` from `start` can
 * read the rest of the text. The cost of a search is how far it went.
 */
function countSearched(run: () => void): number {
  let searched = 0
  // oxlint-disable-next-line unbound-method -- called with its own `this` below
  const original = String.prototype.indexOf
  const spy = vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, wanted, from = 0) {
    const found = original.call(this, wanted, from)
    searched += (found < 0 ? this.length : found) - Math.min(from, this.length)
    return found
  })
  // oxlint-disable-next-line unbound-method -- called with its own `this` below
  const charAt = String.prototype.charAt
  const charSpy = vi.spyOn(String.prototype, 'charAt').mockImplementation(function (this: string, at) {
    searched += 1
    return charAt.call(this, at)
  })
  run()
  spy.mockRestore()
  charSpy.mockRestore()
  return searched
}

describe('the cost of a message', () => {
  test.each(HOSTILE)('is in proportion to its size, with %s', (_what, scrap) => {
    const work = (size: number): number =>
      countSearched(() => {
        const markup = `${repeat(scrap, size)}>`
        tokenizeHtml(markup)
        collectLinks(markup)
      })
    expect(work(40_000)).toBeLessThanOrEqual(40_000 * 8)
    expect(work(8_000)).toBeLessThanOrEqual(8_000 * 8)
  })

  // 200 KB takes some milliseconds; a quadratic step would take minutes and exceed the time limit of the test.
  test.each(HOSTILE)('stays small for 200 KB of %s', (_what, scrap) => {
    const markup = repeat(scrap, 200_000)
    const message = { id: '1', at: 0, text: markup, imageAttachments: 0, conversationId: 'c' }
    const fromHtml = parseDraft(readMessage({ ...message, html: markup }).text)
    const fromText = parseDraft(readMessage(message).text)
    expect([fromHtml.ok, fromText.ok]).toEqual([false, false])
    for (const start of ['close ', 'assign T-7QK2M-9XD4R ', 'T-7QK2M-9XD4R ', 'list '])
      expect(readCommand({ ...message, text: start + markup }).kind).toBeTypeOf('string')
  })

  test.each([
    ['a head of a table with a long gap', (gap: string) => `Title | Priority | a${gap}b\n1 | 2 | 3`],
    ['a head of many columns', (gap: string) => `Title | Priority${gap.replaceAll(' ', '|a ')}\n1 | 2 | 3`],
    ['a row of many cells', (gap: string) => `<table><tr>${gap.replaceAll(' ', '<td>a:')}</table>`],
    ['emoji whose alt goes on', (gap: string) => gap.replaceAll(/ {100}/g, `<img alt="${'👨‍👩‍👧'.repeat(8)}x">`)],
  ])('stays small for %s', (_what, make) => {
    const markup = make(' '.repeat(100_000))
    const message = { id: '1', at: 0, text: markup, html: markup, imageAttachments: 0, conversationId: 'c' }
    expect(parseDraft(readMessage(message).text).ok).toBe(false)
    expect(parseDraft(markup).ok).toBe(false)
  })

  // A mark that two rules match would double the work with every repeat: 30 of them would take seconds a line.
  const marks = fc.constantFrom(
    ...'[ ] ( ) x i v a 1 . - : * _ # ✓ • 👍 ️ ⃣ = | > \\ " [x] (1) iv) 2. :a: 1️⃣ -'.split(' '),
    ' ',
    '\u200f',
    'title',
  )
  test('stays small for lines of any marks', () => {
    fc.assert(
      fc.property(fc.array(marks, { minLength: 1, maxLength: 5 }), (unit) => {
        const line = unit.join('').repeat(100).slice(0, 90)
        expect(parseDraft(`${line}z\n`.repeat(50)).ok).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })
})
