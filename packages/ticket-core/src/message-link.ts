import type { Ticket } from './ticket.ts'

/** The message that began a thread, and its channel. */
export interface Thread {
  readonly channel: string
  readonly root: string
}

/** The thread of a conversation's id, `19:…@thread.tacv2;messageid=1759881511856`; undefined for another form. */
export function threadOf(conversationId: string | undefined): Thread | undefined {
  const [, channel, root] = /^([^;]+);messageid=(\d{1,20})$/.exec(conversationId ?? '') ?? []
  return channel === undefined || root === undefined ? undefined : { channel, root }
}

/**
 * The address of a ticket's message in Teams; undefined for a ticket that names none. Without the group of the team, which
 * Teams does not send, it opens for most people. https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
 */
export function messageLink(ticket: Ticket, groupId?: string): `https://${string}` | undefined {
  const { channelId, messageId, tenantId, conversationId } = ticket
  if (channelId === undefined || messageId === undefined) return undefined
  const query = Object.entries({
    tenantId,
    groupId,
    parentMessageId: threadOf(conversationId)?.root ?? messageId,
    createdTime: messageId,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encode(value)}`]))
  const path = [channelId, messageId].map(encode).join('/')
  return `https://teams.microsoft.com/l/message/${path}?${query.join('&')}`
}

/** Half a surrogate pair cannot be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
