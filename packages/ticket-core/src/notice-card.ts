import { type CardReply, block, card, fact, heading, line } from './card.ts'

/** The content of a notice to an admin, as plain text. */
export interface NoticeWords {
  readonly headline: string
  /** Name and text of each fact, in order. None is empty. */
  readonly facts: readonly (readonly [string, string])[]
  readonly warning?: string
  /** The command to run. */
  readonly commands: readonly string[]
}

/** Makes the card of a notice. The caller limits the texts, so that it stays below the 28 KB of a Teams message. */
export function noticeCard({ headline, facts, warning, commands }: NoticeWords): CardReply {
  return card([
    heading(headline),
    ...facts.map(([name, text]) => fact(name, text)),
    ...(warning === undefined ? [] : [line(warning, { weight: 'Bolder' })]),
    ...commands.flatMap(block),
  ])
}
