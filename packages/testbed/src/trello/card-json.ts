import { shortLinkOf } from './object-id.ts'
import type { Card, Json, Label } from './trello-state.ts'

export const TRELLO_SITE = 'https://trello.com'

export interface CardContext {
  /** Where people open cards, without a trailing slash. */
  readonly site: string
  readonly labels: readonly Label[]
}

/** A card as Trello's API shows it: field for field the shape of `fixtures/trello/list-cards-2021.json`. */
export function toCardJson(card: Card, { site, labels }: CardContext): Json & { readonly id: string } {
  const shortLink = shortLinkOf(card.id)
  return {
    id: card.id,
    checkItemStates: null,
    closed: card.closed,
    dateLastActivity: card.dateLastActivity,
    desc: card.desc,
    descData: null,
    dueReminder: null,
    idBoard: card.idBoard,
    idList: card.idList,
    idMembersVoted: [],
    idShort: card.idShort,
    idAttachmentCover: null,
    idLabels: card.idLabels,
    manualCoverAttachment: false,
    name: card.name,
    pos: card.pos,
    shortLink,
    isTemplate: false,
    cardRole: null,
    badges: badgesOf(card),
    dueComplete: card.dueComplete,
    due: card.due,
    idChecklists: [],
    idMembers: card.idMembers,
    labels: labels.filter(({ id }) => card.idLabels.includes(id)),
    shortUrl: `${site}/c/${shortLink}`,
    start: null,
    subscribed: false,
    url: `${site}/c/${shortLink}/${card.idShort}-${slugOf(card.name)}`,
    cover: NO_COVER,
  }
}

const NO_COVER = {
  idAttachment: null,
  color: null,
  idUploadedBackground: null,
  size: 'normal',
  brightness: 'dark',
  idPlugin: null,
}

function badgesOf(card: Card): Json {
  return {
    attachmentsByType: { trello: { board: 0, card: 0 } },
    location: false,
    votes: 0,
    viewingMemberVoted: false,
    subscribed: false,
    fogbugz: '',
    checkItems: 0,
    checkItemsChecked: 0,
    checkItemsEarliestDue: null,
    comments: card.comments,
    attachments: card.attachments.length,
    description: card.desc !== '',
    due: card.due,
    dueComplete: card.dueComplete,
    start: null,
  }
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60)
}
