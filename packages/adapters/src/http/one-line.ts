/**
 * A short piece of somebody else's text, fit for a reason: one line, no control or bidirectional characters, `limit`
 * characters at most, and every text of `hide` (keys, tokens) replaced.
 */
export function oneLine(text: string, limit: number, hide: readonly string[] = []): string {
  let shown = text
  for (const secret of hide) if (secret !== '') shown = shown.replaceAll(secret, '[secret]')
  const line = shown
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
