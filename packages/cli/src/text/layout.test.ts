import { fc } from '@fast-check/vitest'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { cutLine, layFacts, lineWidth, wrapText } from './layout.ts'

const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', ' ', '日', '👩‍🚀', 'e\u0301', '\n') })
const width = fc.integer({ min: 4, max: 40 })
const dense = (texts: readonly string[]): string => texts.join('').replaceAll(/\s/g, '')

describe('wrapping', () => {
  test('keeps every line within its columns', () => {
    fc.assert(
      fc.property(text, width, (text, width) => {
        for (const line of wrapText(text, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width)
      }),
    )
  })

  test('loses only blanks', () => {
    fc.assert(
      fc.property(text, width, (text, width) => {
        expect(dense(wrapText(text, width))).toBe(dense([text]))
      }),
    )
  })

  test('breaks between words, and keeps existing breaks', () => {
    expect(wrapText('one two three\n\nfour', 8)).toEqual(['one two', 'three', '', 'four'])
  })
})

test('cuts a line to its columns only if it is longer', () => {
  fc.assert(
    fc.property(text, width, (text, width) => {
      const line = text.replaceAll('\n', '')
      const cut = cutLine(line, width)
      expect(stringWidth(cut)).toBeLessThanOrEqual(width)
      expect(cut === line).toBe(stringWidth(line) <= width)
    }),
  )
})

test('facts are aligned; unknown ones are left out; nothing controls the terminal', () => {
  expect(
    layFacts(
      [
        ['title', 'one two three four five'],
        ['cause', undefined],
        ['note', 'a\u001Bb'],
      ],
      30,
    ),
  ).toEqual(['  title:       one two three', '               four five', String.raw`  note:        a\u{1b}b`])
})

test.each([
  [undefined, 100],
  [80, 80],
  [300, 100],
  [20, 60],
])('a terminal of %s columns gets lines of %s', (columns, given) => {
  expect(lineWidth(columns)).toBe(given)
})
