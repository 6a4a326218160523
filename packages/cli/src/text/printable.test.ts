import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { asciiJson, printable, printableLine } from './printable.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001B', '\u009B', '\u202E', '\u200D', '👩', '\uFE0F', '\r', '\n', '\t', '\u2028', 'a'),
  }),
)

describe('a text of a user or vendor', () => {
  test.each([
    ['\u001B[31mred\u001B[0m', String.raw`\u{1b}[31mred\u{1b}[0m`],
    ['\u009B2J', String.raw`\u{9b}2J`],
    ['abc\u202Etxt.exe', String.raw`abc\u{202e}txt.exe`],
    ['over\rwritten\r\n', 'over\nwritten\n'],
    ['a\tb\u2028c', String.raw`a  b\u{2028}c`],
    ['hidden\u200Bword\uDC00', String.raw`hidden\u{200b}word\u{dc00}`],
    ['Zoë 日本語 👩‍🚀 👍🏽 ❤️‍🔥', 'Zoë 日本語 👩‍🚀 👍🏽 ❤️‍🔥'],
  ])('%j is shown as %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  test('controls no terminal', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printable(text)).not.toMatch(/[^\P{C}\n\u200D]|[\u2028\u2029]/u)
        expect(printable(text)).not.toMatch(/(?<!\p{Extended_Pictographic}\uFE0F?\p{EMod}?)\u200D/u)
        expect(printableLine(text)).not.toContain('\n')
      }),
    )
  })

  test('comes back from JSON as it was, and the JSON is ASCII', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(asciiJson({ text })).toMatch(/^[\u0020-\u007E]*$/)
        expect(JSON.parse(asciiJson({ text }))).toEqual({ text })
      }),
    )
  })
})
