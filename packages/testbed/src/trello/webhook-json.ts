import { toCardJson } from './card-json.ts'
import { toListJson } from './answer-boards.ts'
import { shortLinkOf } from './object-id.ts'
import type { Json, TrelloState, Webhook } from './trello-state.ts'

/** A webhook as Trello's API and callbacks show it: `fixtures/trello/webhooks-of-token-2023.json`. */
export function toWebhookJson(webhook: Webhook): Json & { readonly id: string } {
  const { id, description, idModel, callbackURL, active, consecutiveFailures, firstConsecutiveFailDate } = webhook
  return { id, description, idModel, callbackURL, active, consecutiveFailures, firstConsecutiveFailDate }
}

/** The board, list or card that a webhook watches, as its callbacks show it. `undefined` if it is gone. */
export function toModelJson(
  id: string,
  { boards, lists, cards, labels }: Pick<TrelloState, 'boards' | 'lists' | 'cards' | 'labels'>,
  site: string,
): Json | undefined {
  const board = boards.find((each) => each.id === id)
  if (board) return toBoardModel(board)
  const list = lists.find((each) => each.id === id)
  if (list) return toListJson(list)
  const card = cards.find((each) => each.id === id)
  return card && toCardJson(card, { site, labels })
}

/** `fixtures/trello/callback-card-moved-2024.json` */
function toBoardModel({ id, name }: { readonly id: string; readonly name: string }): Json {
  const shortUrl = `https://trello.com/b/${shortLinkOf(id)}`
  return {
    id,
    name,
    desc: '',
    descData: null,
    closed: false,
    idOrganization: id.replace(/^.{8}/, '0c0ffee2'),
    idEnterprise: null,
    pinned: false,
    url: `${shortUrl}/${encodeURIComponent(name.toLowerCase())}`,
    shortUrl,
    prefs: PREFS,
    labelNames: Object.fromEntries(SHADES.flatMap((shade) => COLORS.map((color) => [`${color}${shade}`, '']))),
  }
}

const COLORS = ['green', 'yellow', 'orange', 'red', 'purple', 'blue', 'sky', 'lime', 'pink', 'black'] as const
const SHADES = ['', '_dark', '_light'] as const
const VIEWS = ['Board', 'Table', 'Calendar', 'Dashboard', 'Timeline', 'Map'] as const
const BACKGROUND = 'https://trello-backgrounds.s3.amazonaws.com/simulated'

/** Callbacks carry all settings of the board. */
const PREFS = {
  permissionLevel: 'org',
  hideVotes: false,
  voting: 'disabled',
  comments: 'members',
  invitations: 'members',
  selfJoin: true,
  cardCovers: true,
  cardCounts: false,
  isTemplate: false,
  cardAging: 'regular',
  calendarFeedEnabled: false,
  hiddenPluginBoardButtons: [],
  switcherViews: VIEWS.map((viewType) => ({ viewType, enabled: viewType === 'Board' })),
  background: '0c0ffee30c0ffee30c0ffee3',
  backgroundColor: null,
  backgroundImage: `${BACKGROUND}/original/background.jpg`,
  backgroundTile: false,
  backgroundBrightness: 'dark',
  backgroundImageScaled: [{ width: 140, height: 98, url: `${BACKGROUND}/140x98/background.jpg` }],
  backgroundBottomColor: '#c97b40',
  backgroundTopColor: '#231204',
  canBePublic: true,
  canBeEnterprise: true,
  canBeOrg: true,
  canBePrivate: true,
  canInvite: true,
}
