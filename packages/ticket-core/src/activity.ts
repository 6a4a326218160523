import { decodeEntities } from './decode-entities.ts'
import type { Mention } from './find-mention.ts'
import { type Shape, asList, asShape, asText, parseJson } from './json-shape.ts'
import { type Result, fail, succeed } from './result.ts'
import type { Reporter } from './ticket.ts'

/** What Teams sent, reduced to what we use. */
export interface Activity {
  readonly id: string
  /** When the message was written, milliseconds since the epoch: `timestamp`; the epoch id where there is none. */
  readonly at: number
  /** The `text` as sent: markup, entities and the bot's mention still in it. */
  readonly text: string
  /** Content of the first `text/html` attachment: the only copy with links and reliable line breaks. */
  readonly html?: string
  /** `image/*` attachments; an emoji may be one of them. */
  readonly imageAttachments: number
  /** The people and bots that it mentions, in the order of the text. Absent when Teams lists none. */
  readonly mentions?: readonly Mention[]
  /** Ids of attachments that are other messages, answered or forwarded. */
  readonly references?: readonly string[]
  /** What Teams shows of those messages. */
  readonly previews?: readonly string[]
  readonly reporter?: Reporter
  /** The writer's id in Teams, `29:…`; it differs from bot to bot. */
  readonly writerId?: string
  readonly conversationId: string
  readonly tenantId?: string
  readonly teamId?: string
  readonly channelId?: string
  readonly locale?: string
}

/** Why bytes are refused as an activity. `offByMs` is positive for an old one, negative for one from the future. */
export type ActivityFailure =
  | { readonly code: 'not-json' }
  | { readonly code: 'not-an-activity'; readonly lacks: readonly string[] }
  | { readonly code: 'stale'; readonly offByMs: number; readonly maxAgeMs: number }

/**
 * Reads the (already verified) body bytes as a Teams message. Loose on purpose: nulls are common, unknown keys appear, and
 * only what a ticket needs is required. A signature never expires, so the signed time stamp must: off by more than
 * `maxAgeMs` in either direction is stale.
 */
export function readActivity(received: {
  readonly body: Uint8Array
  readonly now: number
  readonly maxAgeMs: number
}): Result<Activity, ActivityFailure> {
  const json = parseJson(new TextDecoder('utf-8').decode(received.body))
  if (!json) return fail({ code: 'not-json' })
  const shape = asShape(json.value)
  if (!shape) return fail({ code: 'not-an-activity', lacks: ['a JSON object'] })
  const activity = readShape(shape)
  if (!activity.ok) return activity
  const offByMs = received.now - activity.value.at
  if (Math.abs(offByMs) > received.maxAgeMs) return fail({ code: 'stale', offByMs, maxAgeMs: received.maxAgeMs })
  return activity
}

/** The team that a message came from; only it may see the ticket's status. */
export function teamOf(activity: Activity): string | undefined {
  return activity.teamId
}

function readShape(shape: Shape): Result<Activity, ActivityFailure> {
  const id = asText(shape['id'])
  const timestamp = shape['timestamp'] ?? undefined
  const at = timestamp === undefined ? readEpochId(id) : readInstant(asText(timestamp))
  const conversation = asShape(shape['conversation'])
  const conversationId = asText(conversation?.['id'])
  const attachments = asList(shape['attachments']).map(asShape)
  const html = asText(attachments.find((one) => one?.['contentType'] === 'text/html')?.['content'])
  const text = asText(shape['text'])
  const lacks: string[] = []
  if (shape['type'] !== 'message') lacks.push('type "message"')
  if (!id) lacks.push('id')
  if (at === undefined) lacks.push(TIMESTAMP)
  if (!asShape(shape['from'])) lacks.push('from')
  if (!conversationId) lacks.push('conversation.id')
  if (typeof shape['text'] !== 'string' && html === undefined) lacks.push('text')
  if (lacks.length > 0 || !id || at === undefined || !conversationId) return fail({ code: 'not-an-activity', lacks })

  return succeed({
    id,
    at,
    text: text ?? '',
    ...(html !== undefined && { html }),
    imageAttachments: attachments.filter((one) => asText(one?.['contentType'])?.startsWith('image/')).length,
    ...readListed(shape, attachments),
    conversationId,
    ...readOrigin(shape, conversation),
  })
}

/** The parts beside the text: mentions and messages. */
function readListed(
  shape: Shape,
  attachments: readonly (Shape | undefined)[],
): Pick<Activity, 'mentions' | 'references' | 'previews'> {
  const own = asText(asShape(shape['recipient'])?.['id'])
  const mentions = asList(shape['entities'])
    .map(asShape)
    .filter((entity) => entity?.['type'] === 'mention')
  const messages = attachments.filter((one) => asText(one?.['contentType'])?.endsWith('essageReference'))
  const references = messages.flatMap((one) => asText(one?.['id']) ?? [])
  const previews = messages.flatMap((one) => asText(one?.['content']) ?? [])
  return {
    ...(mentions.length > 0 && { mentions: mentions.map((entity) => readMention(entity, own)) }),
    ...(references.length > 0 && { references }),
    ...(previews.length > 0 && { previews }),
  }
}

/** `text` holds the name as shown in the message; the account's name can be different. */
function readMention(entity: Shape | undefined, own: string | undefined): Mention {
  const mentioned = asShape(entity?.['mentioned'])
  const id = asText(mentioned?.['id'])
  const shown = asText(entity?.['text'])
    ?.replaceAll(/<\/?at[^<>]{0,64}>/gi, '')
    .trim()
  const isBot = id !== undefined && (id.startsWith('28:') || id === own)
  const isOther = id !== undefined && /^(?:29|8|19):/.test(id)
  const account = asText(mentioned?.['name']) ?? ''
  return {
    name: decodeEntities(shown || account),
    ...(shown && account !== '' && account !== shown && { account }),
    ...(id && { id }),
    isBot: isBot ? 'yes' : isOther ? 'no' : 'unknown',
  }
}

/** Who wrote it and where, as far as Teams says. */
function readOrigin(
  shape: Shape,
  conversation: Shape | undefined,
): Pick<Activity, 'reporter' | 'writerId' | 'tenantId' | 'teamId' | 'channelId' | 'locale'> {
  const channelData = asShape(shape['channelData'])
  const from = asShape(shape['from'])
  const reporter = readReporter(from)
  const writerId = asText(from?.['id'])
  const tenantId = asText(asShape(channelData?.['tenant'])?.['id']) ?? asText(conversation?.['tenantId'])
  const teamId = asText(asShape(channelData?.['team'])?.['id']) ?? asText(channelData?.['teamsTeamId'])
  const channelId = asText(asShape(channelData?.['channel'])?.['id']) ?? asText(channelData?.['teamsChannelId'])
  const locale = asText(shape['locale']) ?? readClientLocale(shape)
  return {
    ...(reporter && { reporter }),
    ...(writerId && { writerId }),
    ...(tenantId && { tenantId }),
    ...(teamId && { teamId }),
    ...(channelId && { channelId }),
    ...(locale && { locale }),
  }
}

function readReporter(from: Shape | undefined): Reporter | undefined {
  const name = asText(from?.['name'])
  const aadObjectId = asText(from?.['aadObjectId'])
  if (!name && !aadObjectId) return undefined
  return { name: name ?? 'unknown', ...(aadObjectId && { aadObjectId }) }
}

function readClientLocale(shape: Shape): string | undefined {
  const info = asList(shape['entities'])
    .map(asShape)
    .find((entity) => entity?.['type'] === 'clientInfo')
  return asText(info?.['locale'])
}

const TIMESTAMP = 'timestamp (an ISO instant with its zone, such as 2026-11-23T14:03:22Z)'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i

/** A time without a zone is no instant: it could be read half a day off, and the age could not be checked. */
function readInstant(text: string | undefined): number | undefined {
  const at = text !== undefined && INSTANT.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

/** A Teams message id is the time at which the message was written, in milliseconds. */
function readEpochId(id: string | undefined): number | undefined {
  return id !== undefined && /^\d{13}$/.test(id) ? Number(id) : undefined
}
