/**
 * Escapes what could forge a line or deceive the eye of whoever reads the log in a terminal: DEL and C1 controls,
 * bidirectional and other invisible format characters, U+2028 and U+2029. JSON has escaped line feeds and ESC already.
 */
export function escapeLine(json: string): string {
  return json.replaceAll(/[\u007F-\u009F\u00AD\p{Cf}\u2028\u2029]/gu, escapeUnits)
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let index = 0; index < character.length; index += 1)
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  return escaped
}
