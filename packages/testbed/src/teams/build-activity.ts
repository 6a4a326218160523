import type { WrittenMessage } from './write-message.ts'

/** The person who writes, and the place. The defaults follow the captures. */
export interface TeamsPlace {
  readonly tenantId: string
  readonly teamId: string
  readonly channelId: string
  /** Time zone offset of the person's clock, in minutes. */
  readonly offsetMinutes: number
  readonly locale: string
  readonly country: string
  readonly person: { readonly id: string; readonly name: string; readonly aadObjectId: string }
}

export const DEFAULT_PLACE: TeamsPlace = {
  tenantId: '76a2ae5a-9f00-4f6b-95ed-5d33d77c4d61',
  teamId: '19:f49d648a29104431a8b662c4182b8bf2@thread.tacv2',
  channelId: '19:a694a70b0a7f4bfd9572b2d912c5d160@thread.tacv2',
  offsetMinutes: 60,
  locale: 'en-US',
  country: 'NO',
  person: {
    id: '29:14_tQdN2ZuAfTS1EheqkJ_v2sCNUNijEZuG7yw3rTvA9Tk3Jra3WybOctP0s3i_kGvO2vAoIGwzctN4slngHmMQ',
    name: 'Nordmann, Ola',
    aadObjectId: '00000000-0000-4000-8000-000000000000',
  },
}

export interface ActivityParts {
  /** Epoch milliseconds, as text. */
  readonly id: string
  /** Of the message, milliseconds since the epoch. */
  readonly time: number
  readonly message: WrittenMessage
  readonly place: TeamsPlace
  /** The post that this one answers; absent for a post that begins a thread. */
  readonly rootId?: string | undefined
}

/** An activity as an outgoing webhook gets it: the same members in the same order as the capture of 2019. */
export interface TeamsActivity {
  readonly type: 'message'
  readonly id: string
  readonly timestamp: string
  readonly text: string
  readonly conversation: Readonly<Record<string, unknown>> & { readonly id: string }
  readonly [member: string]: unknown
}

/** Builds an activity; pure, so the same parts give the same bytes. */
export function buildActivity({ id, time, message, place, rootId }: ActivityParts): TeamsActivity {
  return {
    type: 'message',
    id,
    timestamp: new Date(time).toISOString(),
    localTimestamp: localTime(time, place.offsetMinutes),
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    channelId: 'msteams',
    from: place.person,
    conversation: {
      isGroup: true,
      id: `${place.channelId};messageid=${rootId ?? id}`,
      name: null,
      conversationType: 'channel',
      tenantId: place.tenantId,
    },
    recipient: null,
    textFormat: 'plain',
    attachmentLayout: null,
    membersAdded: [],
    membersRemoved: [],
    topicName: null,
    historyDisclosed: null,
    locale: null,
    text: message.text,
    speak: null,
    inputHint: null,
    summary: null,
    suggestedActions: null,
    attachments: message.html === undefined ? [] : [htmlCopy(message.html)],
    entities: [{ type: 'clientInfo', locale: place.locale, country: place.country, platform: 'Mac' }],
    channelData: {
      teamsChannelId: place.channelId,
      teamsTeamId: place.teamId,
      channel: { id: place.channelId },
      team: { id: place.teamId },
      tenant: { id: place.tenantId },
    },
    action: null,
    replyToId: null,
    value: null,
    name: null,
    relatesTo: null,
    code: null,
  }
}

function htmlCopy(content: string): Readonly<Record<string, string | null>> {
  return { contentType: 'text/html', contentUrl: null, content, name: null, thumbnailUrl: null }
}

function localTime(time: number, offsetMinutes: number): string {
  const local = new Date(time + offsetMinutes * 60_000).toISOString().slice(0, -1)
  const size = Math.abs(offsetMinutes)
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
