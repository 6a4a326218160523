/** What a card says when it shows a text only in part. */
const NOTE = '… (shortened here)'

/** A user's text on one line, cut for the card only. */
export function echoLine(text: string, limit = 300): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  return plain.length <= limit ? plain : `${cut(plain, limit)}${NOTE}`
}

/** A user's text on its lines, cut for the card only. `isCut` asks for a sentence that says so. */
export function echoLines(
  text: string,
  limits: { readonly chars: number; readonly lines: number },
): { readonly text: string; readonly isCut: boolean } {
  const lines = text.split('\n', limits.lines + 1)
  const kept = cut(lines.slice(0, limits.lines).join('\n'), limits.chars)
  const isCut = kept.length < text.length
  return { text: isCut ? `${kept}${NOTE}` : kept, isCut }
}

/** Never between the halves of one character. */
function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1)
  return text.slice(0, last >= 0xd8_00 && last <= 0xdb_ff ? limit - 1 : limit)
}
