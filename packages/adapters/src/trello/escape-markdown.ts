/** Addresses stay as they are, so that Trello makes links of them. No bracket is among their characters. */
const WEB_ADDRESS = /https?:\/\/[\w.~:/?#@!$&'()+,=%-]+/g
/** ASCII punctuation that means something anywhere in a line. https://spec.commonmark.org/0.31.2/#backslash-escapes */
const MEANINGFUL = /[\\`*_[\]<>|~&]/g

/**
 * A user's text as Trello's Markdown shows it literally. No line of the result begins with an unescaped backtick,
 * which is what the marker line of a card relies on.
 */
export function escapeMarkdown(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(escapeLine)
    .join('\n')
}

function escapeLine(line: string): string {
  let escaped = ''
  let end = 0
  for (const match of line.matchAll(WEB_ADDRESS)) {
    escaped += escapePiece(line.slice(end, match.index)) + match[0]
    end = match.index + match[0].length
  }
  escaped += escapePiece(line.slice(end))
  // Four spaces or a tab at the beginning would make a block of code, in which backslashes show.
  const indented = escaped.replace(/^[ \t]+/, (indent) => '\u00A0'.repeat(indent.replaceAll('\t', '    ').length))
  // `# title`, `- item`, `---`, `===`, `1. item`, `1) item` mean something at a line's beginning only.
  return indented
    .replace(/^(\u00A0*)(#|[-+=])/, String.raw`$1\$2`)
    .replace(/^(\u00A0*\d{1,9})([.)])/, String.raw`$1\$2`)
}

function escapePiece(piece: string): string {
  return piece.replaceAll(MEANINGFUL, String.raw`\$&`)
}
