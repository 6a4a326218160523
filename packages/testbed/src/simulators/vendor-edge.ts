/** Every operation of a vendor that a fault can hit: calls to it. */
export type VendorEdge =
  | 'slack.postMessage'
  | 'slack.respond'
  | 'trello.createCard'
  | 'trello.getBoard'
  | 'trello.getList'
  | 'trello.listLists'
  | 'trello.listCards'
  | 'trello.getCard'
  | 'trello.updateCard'
  | 'trello.deleteCard'
  | 'trello.addComment'
  | 'trello.listActions'
  | 'trello.getAction'
  | 'trello.updateAction'
  | 'trello.deleteAction'
  | 'trello.listMembers'
  | 'trello.getMember'
  | 'trello.addMember'
  | 'trello.removeMember'
  | 'trello.listLabels'
  | 'trello.createLabel'
  | 'trello.addLabel'
  | 'trello.removeLabel'
  | 'trello.addAttachment'
  | 'trello.listAttachments'
  | 'trello.getToken'
  | 'trello.createWebhook'
  | 'trello.listWebhooks'
  | 'trello.getWebhook'
  | 'trello.updateWebhook'
  | 'trello.deleteWebhook'
  | 'workflows.postCard'

/** Calls of a vendor to us: callbacks, and Trello's check of a new webhook's address. */
export type CallbackEdge = 'callback.trello' | 'callback.trelloCheck' | 'callback.slack'

/** The vendors that have a simulator. */
export type Vendor = 'slack' | 'trello' | 'workflows'

/** The channel in Slack where admins get notices of dead letters. */
export const ADMIN_CHANNEL = 'ticket-admins'
