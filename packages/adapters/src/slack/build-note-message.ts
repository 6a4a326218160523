import { type NoteDelivery, eventWords, visibleText } from 'ticket-core'
import { type Block, type SlackMessage, buildFields, buildSections, escapeFallback } from './blocks.ts'
import { REPEAT } from './build-ticket-message.ts'

/** Sections of the event's text. */
const MOST_TEXT = 8

/**
 * The message of a note: what happened, in the thread of its ticket's message where that is known, else as a message
 * that names the ticket. Everything that people wrote is plain text.
 */
export function buildNoteMessage(
  { event, known, keptAt }: Pick<NoteDelivery, 'event' | 'known' | 'keptAt'>,
  { possibleRepeat, to }: { readonly possibleRepeat: boolean; readonly to: 'channel' | 'admin' },
): SlackMessage {
  const { id, title } = known.ticket
  // The thread is the channel's.
  const thread = to === 'channel' ? threadOf(known.events) : undefined
  const { headline, text = '' } = eventWords(event)
  const shown = buildSections(visibleText(text), MOST_TEXT)
  const repeat = possibleRepeat ? 'Possible repeat: ' : ''
  const blocks: Block[] = [
    ...(event.kind === 'escalated' ? [LOUD] : []),
    ...(possibleRepeat ? buildSections(REPEAT, 1).blocks : []),
    ...buildSections(visibleText(headline), 1).blocks,
    ...(thread === undefined
      ? [
          buildFields([
            ['Ticket', id],
            ['Title', visibleText(title)],
          ]),
        ]
      : []),
    ...(text === '' ? [] : shown.blocks),
    ...(shown.isCut
      ? buildSections(`Cut: too long for Slack. All of it is kept in the bucket: ${keptAt}`, 1).blocks
      : []),
  ]
  return {
    text: escapeFallback(`${repeat}${id} ${visibleText(headline)}`),
    blocks,
    ...(thread !== undefined && { thread_ts: thread }),
  }
}

/** Notifies everybody in the channel. */
const LOUD: Block = { type: 'section', text: { type: 'mrkdwn', text: '<!channel>' } }

/** The time stamp of the ticket's message. A webhook does not answer with it; the first button pressed there names it. */
function threadOf(events: NoteDelivery['known']['events']): string | undefined {
  for (const event of events) {
    const id: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'id') : undefined
    const [, messageTs] = /^slack:\w+:(\d{1,11}\.\d{1,9}):/.exec(typeof id === 'string' ? id : '') ?? []
    if (messageTs !== undefined) return messageTs
  }
  return undefined
}
