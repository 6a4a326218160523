/**
 * The last line of a comment that we write on a card, with the key of its note: by it the comment is looked for before it
 * is written a second time, and its callback is no news. A code span, as the marker line of a card.
 */
export function trelloNoteMark(noteKey: string): string {
  return `\`${noteKey}\``
}

/** Whether a comment is one of ours. */
export function isTrelloNote(text: string): boolean {
  return text.split('\n').some((line) => /^`note-[0-9a-f]{32}`$/.test(line.trim()))
}

/** The value of `X-Trello-Client-Identifier` on our writes: Trello repeats it on the callbacks that they cause. */
export const TRELLO_CLIENT = 'ticketing'
