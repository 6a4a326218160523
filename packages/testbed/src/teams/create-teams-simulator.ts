import { createHash } from 'node:crypto'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import { labelOf } from '../simulators/find-ticket-id.ts'
import { buildActivity, DEFAULT_PLACE, type TeamsActivity, type TeamsPlace } from './build-activity.ts'
import { checkForm, checkSendOptions, mustBeText } from './check-send.ts'
import { postActivity } from './post-activity.ts'
import { replyText, type TeamsReply } from './read-reply.ts'
import { signRequest, type Tamper } from './sign-activity.ts'
import {
  toLines,
  writeMessage,
  type TeamsForm,
  type TeamsLine,
  type TeamsShape,
  type WrittenMessage,
} from './write-message.ts'

interface ComposeOptions {
  /** @default `divs` */
  readonly shape?: TeamsShape
  /** How old the activity is when it is sent, in milliseconds; negative: from the future. @default 0 */
  readonly ageMs?: number
  /** Id of the post that is answered; absent: a new thread. */
  readonly inReplyTo?: string
  /** Another person, team, channel or tenant. */
  readonly place?: Partial<TeamsPlace>
}

interface PostOptions {
  /** Another address than the simulator's own, such as a second replica. */
  readonly to?: string | undefined
  readonly tamper?: Tamper
  /** Another token than the simulator's own. */
  readonly token?: string
}

type SendOptions = ComposeOptions & PostOptions

/** A team with an outgoing webhook in it. */
export interface TeamsSimulator {
  /** The token that Teams showed when the webhook was made. */
  readonly token: string
  /** Replaces the webhook: later messages are signed with a new token. Returns that token. */
  rotateToken(): string
  readonly botName: string
  /** Builds an activity with a new id and time stamp, and does not send it. */
  compose(lines: readonly TeamsLine[], options?: ComposeOptions): TeamsActivity
  /** The same from both copies of a message, for texts that no shape makes. */
  composeRaw(message: WrittenMessage, options?: Omit<ComposeOptions, 'shape'>): TeamsActivity
  /** Signs and posts. The same activity may be posted several times. */
  post(activity: TeamsActivity, options?: PostOptions): Promise<TeamsReply>
  /** Signs and posts bytes as they are: captures, and bodies that are not activities. */
  postBytes(body: Uint8Array<ArrayBuffer>, options?: PostOptions): Promise<TeamsReply>
  /** A ticket's form. */
  send(form: TeamsForm, options?: SendOptions): Promise<TeamsReply>
  /** Any text after the mention, line by line: `help`, `status T-…`, a corrected form. */
  sendText(text: string, options?: SendOptions): Promise<TeamsReply>
}

export interface TeamsOptions {
  readonly clock: Clock
  /** Base64. */
  readonly token: string
  /** Where the webhook posts; may be missing if every post passes `to`. */
  readonly url?: string | undefined
  readonly botName?: string | undefined
  readonly place?: Partial<TeamsPlace> | undefined
  readonly journal?: JournalWriter | undefined
  readonly fetch?: typeof fetch | undefined
  /** Waits for a reply. On a virtual clock it has to move the time. @default plain await */
  readonly wait?: (<Value>(work: Promise<Value>) => Promise<Value>) | undefined
  /** Called before each post. If it throws, the post rejects with that error. */
  readonly beforePost?: (() => void) | undefined
}

/** Makes a team on this machine. Ids are the clock's milliseconds, and grow even when the clock stands still. */
export function createTeamsSimulator({
  clock,
  token: firstToken,
  url,
  botName = 'tickets',
  place = {},
  journal,
  fetch: fetchIt = fetch,
  wait = (work) => work,
  beforePost,
}: TeamsOptions): TeamsSimulator {
  let lastId = 0
  let token = firstToken

  const composeRaw = (message: WrittenMessage, options: Omit<ComposeOptions, 'shape'>): TeamsActivity => {
    const time = clock.now() - (options.ageMs ?? 0)
    lastId = Math.max(time, lastId + 1)
    return buildActivity({
      id: String(lastId),
      time,
      message,
      place: { ...DEFAULT_PLACE, ...place, ...options.place },
      rootId: options.inReplyTo,
    })
  }
  const compose = (lines: readonly TeamsLine[], { shape = 'divs', ...options }: ComposeOptions): TeamsActivity =>
    composeRaw(writeMessage(botName, lines, shape), options)

  const deliver = async (
    activityId: string,
    body: Uint8Array<ArrayBuffer>,
    options: PostOptions,
  ): Promise<TeamsReply> => {
    beforePost?.()
    const target = options.to ?? url
    if (target === undefined)
      throw new Error('The Teams simulator has no address: pass `url` when making it, or `to` when sending.')
    const signed = signRequest(body, options.token ?? token, options.tamper)
    journal?.note({ source: 'teams', kind: 'sent', activity: activityId })
    const reply = await wait(postActivity(signed, { clock, fetch: fetchIt, url: target, activityId }))
    const text = replyText(reply)
    const label = labelOf(text)
    journal?.note(
      reply.kind === 'replied'
        ? { source: 'teams', kind: 'replied', activity: activityId, status: reply.status, text, ...label }
        : {
            source: 'teams',
            kind: 'failed',
            activity: activityId,
            reason: `${reply.reason}${reply.status ? ` ${reply.status}` : ''}`,
          },
    )
    return reply
  }
  const post = (activity: TeamsActivity, options: PostOptions): Promise<TeamsReply> =>
    deliver(activity.id, encode(activity), options)
  const sendLines = (lines: readonly TeamsLine[], options: SendOptions): Promise<TeamsReply> =>
    post(compose(lines, options), options)

  return {
    get token() {
      return token
    },
    rotateToken: () => (token = createHash('sha256').update(token).digest('base64')),
    botName,
    compose: (lines, options = {}) => {
      checkSendOptions('compose', options)
      return compose(lines, options)
    },
    composeRaw: (message, options = {}) => {
      checkSendOptions('composeRaw', options)
      return composeRaw(message, options)
    },
    async post(activity, options = {}) {
      checkSendOptions('post', options)
      return post(activity, options)
    },
    async postBytes(body, options = {}) {
      checkSendOptions('postBytes', options)
      return deliver('raw', body, options)
    },
    async send(form, options = {}) {
      checkForm(form)
      checkSendOptions('send', options)
      return sendLines(toLines(form), options)
    },
    async sendText(text, options = {}) {
      mustBeText(text, 'What teams.sendText sends')
      checkSendOptions('sendText', options)
      return sendLines(text.split('\n'), options)
    },
  }
}

function encode(activity: TeamsActivity): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(activity))
}
