/** What a person does to a ticket, at the place where they are. */
export type Deed =
  | { readonly in: 'teams'; readonly verb: TeamsVerb; readonly again?: boolean; readonly isForeign?: boolean }
  | { readonly in: 'trello'; readonly move: TrelloMove }
  | { readonly in: 'slack'; readonly button: SlackButton }

export const TEAMS_VERBS = [
  'acknowledge',
  'take',
  'comment',
  'assign',
  'low',
  'medium',
  'high',
  'close',
  'reopen',
] as const
type TeamsVerb = (typeof TEAMS_VERBS)[number]

export const TRELLO_MOVES = ['To Do', 'Doing', 'Done', 'archive', 'unarchive', 'comment', 'join'] as const
type TrelloMove = (typeof TRELLO_MOVES)[number]

export const SLACK_BUTTONS = ['acknowledge', 'take', 'close'] as const
type SlackButton = (typeof SLACK_BUTTONS)[number]
