/** Names that Teams and people use; an unknown name stays as it was typed. https://html.spec.whatwg.org/#named-character-references */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
  ['ensp', '\u2002'],
  ['emsp', '\u2003'],
  ['thinsp', '\u2009'],
  ['shy', '\u00ad'],
  ['zwnj', '\u200c'],
  ['zwj', '\u200d'],
  ['lrm', '\u200e'],
  ['rlm', '\u200f'],
  ['hellip', '…'],
  ['ndash', '–'],
  ['mdash', '—'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['sbquo', '‚'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['bdquo', '„'],
  ['laquo', '«'],
  ['raquo', '»'],
  ['bull', '•'],
  ['middot', '·'],
  ['deg', '°'],
  ['euro', '€'],
  ['pound', '£'],
  ['cent', '¢'],
  ['yen', '¥'],
  ['sect', '§'],
  ['copy', '©'],
  ['reg', '®'],
  ['trade', '™'],
  ['times', '×'],
  ['divide', '÷'],
  ['plusmn', '±'],
  ['micro', 'µ'],
  ['frac12', '½'],
  ['rarr', '→'],
  ['larr', '←'],
  ['iexcl', '¡'],
  ['iquest', '¿'],
  ['auml', 'ä'],
  ['ouml', 'ö'],
  ['uuml', 'ü'],
  ['Auml', 'Ä'],
  ['Ouml', 'Ö'],
  ['Uuml', 'Ü'],
  ['szlig', 'ß'],
  ['aring', 'å'],
  ['Aring', 'Å'],
  ['aelig', 'æ'],
  ['AElig', 'Æ'],
  ['oslash', 'ø'],
  ['Oslash', 'Ø'],
  ['eacute', 'é'],
  ['Eacute', 'É'],
  ['egrave', 'è'],
  ['ecirc', 'ê'],
  ['agrave', 'à'],
  ['aacute', 'á'],
  ['acirc', 'â'],
  ['ccedil', 'ç'],
  ['iacute', 'í'],
  ['oacute', 'ó'],
  ['uacute', 'ú'],
  ['ntilde', 'ñ'],
])

/** Every repeat is bounded, so that the cost of a run of ampersands is linear. */
const REFERENCE = /&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,9});/g

/** Decodes numeric character references and the named ones of our table, once: `&amp;lt;` becomes `&lt;`. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(REFERENCE, (typed: string, reference: string) => {
    if (!reference.startsWith('#')) return NAMED.get(reference) ?? typed
    const isHex = /^#x/i.test(reference)
    const point = Number.parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10)
    return isCharacter(point) ? String.fromCodePoint(point) : typed
  })
}

function isCharacter(point: number): boolean {
  return point > 0 && point <= 0x10_ff_ff && !(point >= 0xd8_00 && point <= 0xdf_ff)
}
