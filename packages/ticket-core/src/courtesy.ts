const COURTESIES = 'please|pls|plz|thanks|thank you|thx'
/** What people write before a command, and after one, without a meaning of its own. */
export const COURTESY: RegExp = new RegExp(
  `^(?:(?:${COURTESIES}|hi|hello|hey|ok|okay|can you|could you|can i|i want to|i would like to|i['’]d like to|let me|let['’]s)` +
    `(?![\\p{L}\\p{N}'’])[\\s,.!:–-]{0,8}){1,4}`,
  'iu',
)
const LAST_COURTESY = new RegExp(`[\\s,;.–-]{1,4}(?:${COURTESIES})[\\s.!]{0,4}$`, 'iu')

/** A text without the courtesy at its end. */
export function withoutCourtesy(text: string): string {
  const tail = LAST_COURTESY.exec(text.slice(-40))?.[0]
  return tail === undefined ? text : text.slice(0, -tail.length)
}

/** Whether a text has only marks and courtesy. */
export function isNothing(text: string): boolean {
  const said = text.replace(/^[\s\p{P}\p{S}\p{Cf}]{1,16}/u, '').replace(COURTESY, '')
  return !/[\p{L}\p{N}]/u.test(said.replace(/^(?:now|too)(?![\p{L}\p{N}])/iu, ''))
}
