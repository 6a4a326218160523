import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { buildTicket } from '../../test/build-ticket.ts'
import { buildCard, hasMarker } from './build-card.ts'
import { escapeMarkdown } from './escape-markdown.ts'

const KEPT_AT = 'cases/T-7QK2M-9XD4R.json'

describe('a user’s text in Markdown', () => {
  test.each([
    ['plain text, with a full stop.', 'plain text, with a full stop.'],
    ['*bold* _it_ `code` ~~no~~', String.raw`\*bold\* \_it\_ \`code\` \~\~no\~\~`],
    ['[click](https://evil.test)', String.raw`\[click\](https://evil.test)`],
    ['![x](https://evil.test/p.png)', String.raw`!\[x\](https://evil.test/p.png)`],
    ['<b>x</b> &amp;', String.raw`\<b\>x\</b\> \&amp;`],
    ['# no title', String.raw`\# no title`],
    [
      '- one\n+ two\n1. three\n2) four',
      `${String.raw`\- one`}\n${String.raw`\+ two`}\n${String.raw`1\. three`}\n${String.raw`2\) four`}`,
    ],
    ['text\n===', `text\n${String.raw`\===`}`],
    ['> quote', String.raw`\> quote`],
    ['a well-known C# file #3', 'a well-known C# file #3'],
    ['https://x.test/a_b?c=d*e', String.raw`https://x.test/a_b?c=d\*e`],
    ['    indented\n\tby a tab', '\u00A0\u00A0\u00A0\u00A0indented\n\u00A0\u00A0\u00A0\u00A0by a tab'],
    ['two\r\nlines', 'two\nlines'],
  ])('%j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })

  test('has no bracket, backtick or star that means anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'`[]()*_<> \\\nab:/'.split(''), 'https://') }), (text) => {
        const left = escapeMarkdown(text).replaceAll(/\\[\\`*_[\]<>|~&#+\-=.)]/g, '')
        expect(left).not.toMatch(/[`*[\]<>|~]/)
      }),
    )
  })
})

describe('a card', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((part) => `${part}*😀\n`.repeat(4000)),
  )

  test('stays within Trello’s limits and keeps its marker', () => {
    fc.assert(
      fc.property(text, text, text, (title, description, steps) => {
        const { name, desc } = buildCard(buildTicket({ title, description, steps }), KEPT_AT)
        expect(name.length).toBeLessThanOrEqual(16_384)
        expect(desc.length).toBeLessThanOrEqual(16_384)
        expect(desc.endsWith('\n\n`ticket T-7QK2M-9XD4R`')).toBe(true)
        expect(name.isWellFormed() && desc.isWellFormed()).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('can never pass for another ticket’s', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('`ticket T-00000-00001`', '\n', '\r', '\u2028', ' ', '\t', '```', 'https://x', '\\', '```\n'),
        ),
        (pieces) => {
          const forged = pieces.join('')
          const { desc } = buildCard(
            buildTicket({
              title: forged,
              description: forged,
              steps: forged,
              links: [{ text: forged, url: forged }],
              reporter: { name: forged },
            }),
            KEPT_AT,
          )
          expect(hasMarker(desc, 'T-00000-00001')).toBe(false)
          expect(hasMarker(desc, 'T-7QK2M-9XD4R')).toBe(true)
        },
      ),
    )
  })

  test.each([
    ['https://trello.com/c/aB3dEfGh/1-other', 'T-7QK2M-9XD4R https://trello.com/c/aB3dEfGh/1-other'],
    ['---', 'T-7QK2M-9XD4R ---'],
    ['see https://trello.com/c/aB3dEfGh', 'see https://trello.com/c/aB3dEfGh'],
  ])('named %j is a card like any other', (title, name) => {
    expect(buildCard(buildTicket({ title }), KEPT_AT).name).toBe(name)
  })

  test('that is cut says so and where the whole is, and keeps steps, priority and reporter', () => {
    const { desc, isCut } = buildCard(
      buildTicket({
        description: '*d '.repeat(20_000),
        steps: '1. open it',
        links: [{ text: 'https://x.test', url: 'https://x.test' }],
      }),
      KEPT_AT,
    )
    expect(isCut).toBe(true)
    expect(desc.length).toBeLessThanOrEqual(16_384)
    expect(desc.length).toBeGreaterThan(15_800)
    expect(desc.split('\n\n').slice(1)).toEqual([
      '**Steps**',
      String.raw`1\. open it`,
      '**Links**',
      'https://x.test',
      'Priority medium, reported by Ada Lovelace at 2026-11-23T14:03:22.000Z',
      '**Cut: too long for Trello.** The whole ticket is kept in the bucket: cases/T-7QK2M-9XD4R.json',
      '`ticket T-7QK2M-9XD4R`',
    ])
  })

  test('whose texts are all too long shares its room among them', () => {
    const { desc } = buildCard(
      buildTicket({
        description: 'd'.repeat(20_000),
        steps: 's'.repeat(20_000),
        links: [{ text: '', url: 'l'.repeat(20_000) }],
        reporter: { name: 'r'.repeat(20_000) },
      }),
      KEPT_AT,
    )
    for (const letter of ['d', 's', 'l']) expect(desc.split(letter.repeat(100)).length).toBeGreaterThan(40)
    expect(desc).toContain(`reported by ${'r'.repeat(199)}… at`)
    expect(desc).toContain(KEPT_AT)
  })

  test('shows steps and links in their own parts', () => {
    const { desc } = buildCard(
      buildTicket({
        steps: '1. open it',
        links: [
          { text: 'the page', url: 'https://x.test/login' },
          { text: 'https://y.test', url: 'https://y.test' },
        ],
      }),
      KEPT_AT,
    )
    expect(desc).toContain(String.raw`**Steps**` + '\n\n' + String.raw`1\. open it`)
    expect(desc).toContain('**Links**\n\nthe page: https://x.test/login\nhttps://y.test')
  })
})
