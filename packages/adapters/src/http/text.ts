/**
 * The first `limit` UTF-16 units of a text, one less where that would split a character. Trello and Slack count like
 * this, or less strictly.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  return text.slice(0, Math.max(limit, 0)).replace(/[\uD800-\uDBFF]$/, '')
}

/** The text, or as much of it as leaves room for `note` within `limit`. */
export function cutWithNote(text: string, limit: number, note: string): string {
  return text.length <= limit ? text : cutText(text, limit - note.length) + note
}

/**
 * A short piece of foreign text for a reason: one line, no control or bidirectional characters, `limit`
 * characters at most, and every text of `hide` (keys, tokens) replaced.
 */
export function oneLine(text: string, limit: number, hide: readonly string[] = []): string {
  let shown = text
  for (const secret of hide) if (secret !== '') shown = shown.replaceAll(secret, '[secret]')
  const line = shown
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return cutWithNote(line, limit, '…')
}
