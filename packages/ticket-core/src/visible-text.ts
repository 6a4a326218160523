/**
 * Invisible characters that change how the rest is read: control characters, direction marks,
 * spaces of no width, tags. Line breaks and tabs are layout; joiners make emoji and words of many scripts, and a few
 * format characters of Arabic and Kaithi are signs that people see. A flag made of tags is matched whole.
 */
const UNSEEN =
  /\p{RGI_Emoji_Tag_Sequence}|[[\p{Cc}\p{Cf}]--[\t\n\r\u{200c}-\u{200d}\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]]/gv
const LONGEST_UNSEEN = 2
const SEPARATORS = /[\u2028\u2029]/g

/**
 * A foreign text as it may be shown on a card, in a message or at a vendor: visible characters stay; invisible ones that
 * could reorder, hide or control something are removed. Lone surrogates become `\ufffd`: some vendors refuse them.
 */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(SEPARATORS, ' ')
    .replaceAll(UNSEEN, (found) => (found.length > LONGEST_UNSEEN ? found : ''))
}
