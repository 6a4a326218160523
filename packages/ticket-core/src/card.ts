import { visibleText } from './visible-text.ts'

/** A run of text in one style. Adaptive Cards do not read markdown in it. */
export interface TextRun {
  readonly type: 'TextRun'
  readonly text: string
  readonly weight?: 'Bolder'
  readonly size?: 'Medium'
  readonly color?: 'Good' | 'Attention' | 'Warning'
  readonly isSubtle?: true
  readonly fontType?: 'Monospace'
}

/**
 * One line of a card. Never a `TextBlock`, which would render a user's markdown as links and formatting: `TextRun`
 * takes text as it is. https://learn.microsoft.com/adaptive-cards/schema-explorer/text-run
 */
export interface CardLine {
  readonly type: 'RichTextBlock'
  readonly inlines: readonly TextRun[]
  readonly spacing?: 'None' | 'Medium'
}

/** A button that opens an address, the only action that works on the card of an outgoing webhook. */
export interface OpenUrl {
  readonly type: 'Action.OpenUrl'
  readonly title: string
  readonly url: string
}

/** The body of a 200 answer to Teams: one Adaptive Card, which it posts as a reply in the thread. */
export interface CardReply {
  readonly type: 'message'
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive'
      readonly content: {
        readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
        readonly type: 'AdaptiveCard'
        readonly version: '1.4'
        readonly body: readonly CardLine[]
        readonly actions?: readonly OpenUrl[]
      }
    },
  ]
}

type Style = Omit<TextRun, 'type' | 'text'>

/** A paragraph; a user's text goes in unchanged. */
export function line(text: string, style: Style = {}): CardLine {
  return { type: 'RichTextBlock', inlines: [run(text, style)] }
}

export function heading(text: string, color?: Style['color']): CardLine {
  return line(text, { weight: 'Bolder', size: 'Medium', ...(color && { color }) })
}

/** "Name: value" on one line. */
export function fact(name: string, value: string): CardLine {
  return { type: 'RichTextBlock', spacing: 'None', inlines: [run(`${name}: `, { weight: 'Bolder' }), run(value)] }
}

/** Text of several lines, one block each: clients render line breaks inside a run differently. */
export function block(text: string): CardLine[] {
  return text.split('\n').map((one) => ({
    type: 'RichTextBlock',
    spacing: 'None',
    inlines: [run(one === '' ? ' ' : one, { fontType: 'Monospace' })],
  }))
}

export function card(body: readonly CardLine[], actions: readonly OpenUrl[] = []): CardReply {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body,
          ...(actions.length > 0 && { actions }),
        },
      },
    ],
  }
}

/** The text of a card, line by line: for command lines and tests. */
export function readCard(reply: CardReply): string {
  return reply.attachments[0].content.body.map(({ inlines }) => inlines.map(({ text }) => text).join('')).join('\n')
}

function run(text: string, style: Style = {}): TextRun {
  return { type: 'TextRun', text: defuse(text), ...style }
}

/**
 * Splits `{{`, without which `{{DATE(…)}}` does not run, in the visible part of a text. The character in between has no
 * width and is removed when the text is pasted into a message.
 */
function defuse(text: string): string {
  return visibleText(text).replaceAll('{{', '{\u200b{')
}
