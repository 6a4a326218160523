/** What a card says where it shows only a part of a text; the ticket keeps all of it. */
const NOTE = '… (shortened here)'

/** Bytes of JSON that one line of a card needs beside its text. */
const LINE_COST = 110

/** A user's text on one line, at most `limit` characters of it. */
export function echoLine(text: string, limit = 300): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  return plain.length <= limit ? plain : `${cut(plain, limit)}${NOTE}`
}

/** A user's text on its lines, as much of it as `budget` bytes of card hold. */
export function echoLines(text: string, budget: number): { readonly text: string; readonly isCut: boolean } {
  let spent = LINE_COST
  for (let at = 0; at < text.length; at += 1) {
    spent += costOf(text.charCodeAt(at))
    if (spent > budget) return { text: `${cut(text, at)}${NOTE}`, isCut: true }
  }
  return { text, isCut: false }
}

/** Bytes of one UTF-16 unit in JSON: escapes take up to six, and a surrogate counts as if it stood alone. */
function costOf(unit: number): number {
  if (unit === 0x0a) return LINE_COST
  if (unit < 0x20 || (unit >= 0xd8_00 && unit <= 0xdf_ff)) return 6
  return unit < 0x80 ? 2 : 3
}

/** Never splits a surrogate pair. */
function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1)
  return text.slice(0, last >= 0xd8_00 && last <= 0xdb_ff ? limit - 1 : limit)
}
