const special = /[&<>"'\r\u0085\u2028]/g

/** Text as XML content or attribute value. Line ends other than `\n` are written as references, else a parser folds them. */
export function escapeXml(text: string): string {
  return text.replace(special, (character) => `&#x${character.charCodeAt(0).toString(16)};`)
}
