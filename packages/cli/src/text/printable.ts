import { escapeToAscii } from 'ticket-core'

/**
 * What must not reach a terminal raw: controls, bidirectional and other format characters, lone surrogates, private
 * and unassigned ones, and the two line separators. Joiners between pictures (👩‍🚀) are only part of a picture.
 */
const UNPRINTABLE =
  /(?!(?<=\p{Extended_Pictographic}\uFE0F?\p{EMod}?)\u200D(?=\p{Extended_Pictographic}))[\p{C}\u2028\u2029]/gu

/** A text of somebody else's, fit for a terminal: line breaks stay, what could drive the terminal is spelt out. */
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

/** JSON that is pure ASCII: nothing in it drives a terminal, and every reader gets the very same text back. */
export function asciiJson(value: unknown): string {
  return escapeToAscii(JSON.stringify(value))
}

function spell(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`
}
