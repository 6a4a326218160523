/** Direction marks that stand alone: they open nothing. */
const LONE = '\u061c\u200e\u200f'
const OPENERS = '\u202a\u202b\u202d\u202e\u2066\u2067\u2068'
const CLOSERS = '\u202c\u2069'
/** Labels are not nested deeper. */
const DEEPEST = 8

/**
 * A value without the direction marks of its label, which enclose both: `⁨Title: A⁩`. Balanced marks inside it stay.
 */
export function unwrapDirection(value: string, label: string): string {
  let unclosed = countOf(OPENERS, label) - countOf(CLOSERS, label)
  let left = trimLone(value)
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const isClosed = left !== '' && CLOSERS.includes(left.charAt(left.length - 1))
    const isWrapped = isClosed && OPENERS.includes(left.charAt(0))
    if (!isWrapped && !(isClosed && unclosed > 0)) break
    if (!isWrapped) unclosed -= 1
    left = trimLone(left.slice(isWrapped ? 1 : 0, -1))
  }
  return left
}

function trimLone(text: string): string {
  const isLone = (at: number): boolean => LONE.includes(text.charAt(at)) || text.charAt(at).trim() === ''
  let start = 0
  let end = text.length
  while (start < end && isLone(start)) start += 1
  while (end > start && isLone(end - 1)) end -= 1
  return text.slice(start, end)
}

function countOf(wanted: string, text: string): number {
  let count = 0
  for (const char of text) if (wanted.includes(char)) count += 1
  return count
}
