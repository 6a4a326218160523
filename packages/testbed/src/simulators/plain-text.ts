/** Controls, bidirectional and other format characters, lone surrogates: pages are read in terminals, too. */
const UNPRINTABLE = /[\p{C}\u2028\u2029]/gu

/** Lines of a stranger's text, each marked, so that none passes for a line of ours, and none drives a terminal. */
export function quoteLines(text: string): readonly string[] {
  return text.split('\n').map((line) => `  | ${spellOut(line)}`.trimEnd())
}

/** The same in one line of ours. */
export function spellOut(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`)
}

/** `2026-11-24T10:00:02Z` */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
