import type { LetterWords } from '../notice/describe-letters.ts'

/** A body of the Workflows trigger "When a Teams webhook request is received". */
export interface WorkflowMessage {
  readonly type: 'message'
  readonly attachments: readonly {
    readonly contentType: 'application/vnd.microsoft.card.adaptive'
    readonly contentUrl: null
    readonly content: {
      readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json'
      readonly type: 'AdaptiveCard'
      readonly version: '1.4'
      readonly body: readonly RichText[]
    }
  }[]
}

/** Rich text shows what it is given; a `TextBlock` would read the user's text as Markdown. */
interface RichText {
  readonly type: 'RichTextBlock'
  readonly inlines: readonly {
    readonly type: 'TextRun'
    readonly text: string
    readonly weight?: 'Bolder'
    readonly fontType?: 'Monospace'
  }[]
}

/** Builds the card of a notice. The words are bounded before, so that it stays below the 28 KB of a Teams message. */
export function buildCard({ headline, facts, warning, commands }: LetterWords): WorkflowMessage {
  const body: RichText[] = [
    { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: headline, weight: 'Bolder' }] },
    ...facts.map(([name, text]): RichText => ({
      type: 'RichTextBlock',
      inlines: [
        { type: 'TextRun', text: `${name}: `, weight: 'Bolder' },
        { type: 'TextRun', text },
      ],
    })),
  ]
  if (warning !== undefined)
    body.push({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: warning, weight: 'Bolder' }] })
  for (const text of commands)
    body.push({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, fontType: 'Monospace' }] })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
  } as const
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}
