import type { Activity } from './activity.ts'
import type { HtmlOptions, PlainText } from './html-to-text.ts'
import { htmlToText } from './html-to-text.ts'
import { normaliseText } from './normalise-text.ts'

/** The text of a message without the bot's mention; {@link PlainText}. */
export type Message = PlainText

/**
 * Reads what the user wrote: from the html copy, which alone has links and reliable line breaks, else from `text`.
 * Pictures and files are counted, since an outgoing webhook cannot fetch them.
 */
export function readMessage(activity: Activity): Message {
  const fromHtml = activity.html === undefined ? undefined : readMarkup(activity.html, 'spaces')
  if (fromHtml && fromHtml.text !== '') return fromHtml
  const fromText = readMarkup(activity.text, 'kept')
  return { ...fromText, ignored: Math.max(fromText.ignored, fromHtml?.ignored ?? countPictures(activity)) }
}

function readMarkup(markup: string, breaks: HtmlOptions['breaks']): Message {
  const plain = htmlToText(markup, { breaks, of: 'message' })
  return { ...plain, text: normaliseText(plain.text) }
}

/** An emoji is an `image/*` attachment too; one that stands in the text as `<img>` is not a picture. */
function countPictures({ text, imageAttachments }: Activity): number {
  return Math.max(0, imageAttachments - (text.split('schema.skype.com/Emoji').length - 1))
}
