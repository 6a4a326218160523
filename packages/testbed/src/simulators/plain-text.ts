/** Controls, bidirectional and other format characters, lone surrogates: people read pages in terminals too. */
const UNPRINTABLE = /[\p{C}\u2028\u2029]/gu

/** The lines of a user's text, each marked: none looks like a line of ours, and none controls a terminal. */
export function quoteLines(text: string): readonly string[] {
  return text.split('\n').map((line) => `  | ${spellOut(line)}`.trimEnd())
}

/** A user's text in one line, unprintable characters escaped. */
export function spellOut(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
}

/** `2026-11-24T10:00:02Z` */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
