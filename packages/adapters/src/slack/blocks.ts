import { cutText, cutWithNote } from '../http/text.ts'

/** The parts of Block Kit that we send. https://docs.slack.dev/reference/block-kit/blocks */
export type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  /** Markup of our own, never a user's text: a mention of everybody, or a link whose parts are percent-encoded. */
  | {
      readonly type: 'section'
      readonly text: { readonly type: 'mrkdwn'; readonly text: '<!channel>' | `<https://${string}>` }
    }
  | { readonly type: 'actions'; readonly elements: readonly Button[] }

/** Text that Slack shows as it is: no mentions, no links, no formatting. */
interface PlainText {
  readonly type: 'plain_text'
  readonly text: string
  readonly emoji: false
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
interface Button {
  readonly type: 'button'
  readonly action_id: string
  readonly text: PlainText
  readonly value: string
  readonly style?: 'primary'
  readonly confirm?: {
    readonly title: PlainText
    readonly text: PlainText
    readonly confirm: PlainText
    readonly deny: PlainText
  }
}

export interface SlackMessage {
  /** Shown in a notification. Slack reads it as mrkdwn, so it is escaped. */
  readonly text: string
  readonly blocks: readonly Block[]
  /** The time stamp of the message in whose thread it is shown. */
  readonly thread_ts?: string
  /** To a `response_url`: in place of the message that it came from. */
  readonly replace_original?: true
}

/** Characters of a header; a longer one is cut. */
export const LONGEST_HEADER = 150
const LONGEST_SECTION = 3000
const LONGEST_FIELD = 2000
/** UTF-16 units. Slack advises 4,000; a notification shows far less. */
const LONGEST_FALLBACK = 1000
const CUT = '…'

export function buildHeader(text: string): Block {
  return { type: 'header', text: plain(cutWithNote(text, LONGEST_HEADER, CUT)) }
}

/** A link that can be clicked: plain text has none. `url` must be percent-encoded. */
export function buildLink(text: string, url: `https://${string}`): Block {
  return { type: 'section', text: { type: 'mrkdwn', text: `<${url}|${text}>` } }
}

/** Up to ten short facts, side by side. */
export function buildFields(facts: readonly (readonly [string, string])[]): Block {
  return {
    type: 'section',
    fields: facts.slice(0, 10).map(([name, text]) => plain(cutWithNote(`${name}: ${text}`, LONGEST_FIELD, CUT))),
  }
}

/** The sections of a text, and whether a part of it has no room in them. */
export interface Sections {
  readonly blocks: readonly Block[]
  readonly isCut: boolean
}

/** A text in as many sections as it needs, `most` at most, broken at line ends where there are some. */
export function buildSections(text: string, most: number): Sections {
  const sections: Block[] = []
  let rest = text
  while (rest.length > LONGEST_SECTION && sections.length < most - 1) {
    const part = cutAtLine(rest)
    rest = rest.slice(part.length)
    sections.push({ type: 'section', text: plain(part) })
  }
  if (rest.trim() !== '' || sections.length === 0)
    sections.push({ type: 'section', text: plain(cutWithNote(rest, LONGEST_SECTION, CUT)) })
  return { blocks: sections, isCut: rest.length > LONGEST_SECTION }
}

/** Escapes mrkdwn's three control characters, then cuts without halving an escape. https://docs.slack.dev/messaging/formatting-message-text */
export function escapeFallback(text: string): string {
  const line = cutText(text, LONGEST_FALLBACK).replaceAll(/\s+/g, ' ').trim()
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function cutAtLine(text: string): string {
  const part = cutText(text, LONGEST_SECTION)
  const lineEnd = part.lastIndexOf('\n')
  return lineEnd > LONGEST_SECTION / 2 ? part.slice(0, lineEnd + 1) : part
}

export function plain(text: string): PlainText {
  // Slack refuses an empty text.
  return { type: 'plain_text', text: text.trim() === '' ? '(empty)' : text, emoji: false }
}
