import { escapeToAscii } from 'ticket-core'

/**
 * Characters that must not reach a terminal: controls, bidirectional and other format characters, lone surrogates, private
 * and unassigned ones, and the two line separators. Joiners between pictures (👩‍🚀) are allowed.
 */
const UNPRINTABLE =
  /(?!(?<=\p{Extended_Pictographic}\uFE0F?\p{EMod}?)\u200D(?=\p{Extended_Pictographic}))[\p{C}\u2028\u2029]/gu

/** Escapes everything that could control a terminal. Line breaks stay. For texts of users and vendors. */
export function printable(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', '  ')
    .replaceAll(/[^\n]+/g, (line) => line.replaceAll(UNPRINTABLE, spell))
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' ').trim())
}

/** JSON in pure ASCII: nothing in it controls a terminal, and a parser gets the same text back. */
export function asciiJson(value: unknown): string {
  return escapeToAscii(JSON.stringify(value))
}

function spell(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`
}
