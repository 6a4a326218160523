const UNUSUAL = /[[\p{Cc}--[\t\n]]\u00a0\u00ad\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/v
const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g
/** Control characters, which some vendors refuse, and characters without width. */
const NOTHING = /[[\p{Cc}--[\t\n]]\u00ad\u180e\u200b\u2060\ufeff]/gv

/**
 * One form for equal-looking texts: every line break `\n`, every space a plain one, no control characters, no characters
 * without width, no spaces at line ends, no empty lines around. Joiners (U+200C, U+200D) stay: emoji and scripts need them.
 */
export function normaliseText(text: string): string {
  const plain = UNUSUAL.test(text) ? text.replace(LINE_BREAKS, '\n').replace(SPACES, ' ').replace(NOTHING, '') : text
  // Line by line, because the cost of /[ ]+$/ is quadratic in a run of spaces.
  return plain
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()
}

/** The same on one line, with single spaces. */
export function normaliseLine(text: string): string {
  return normaliseText(text).replaceAll(/\s+/g, ' ')
}
