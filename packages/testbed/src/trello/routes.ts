import type { VendorEdge } from '../simulators/vendor-edge.ts'
import { createBoardAnswers } from './answer-boards.ts'
import { createCardPartAnswers } from './answer-card-parts.ts'
import { createCardAnswers } from './answer-cards.ts'
import { createCommentAnswers } from './answer-comments.ts'
import { createWebhookAnswers, type WebhookDependencies } from './answer-webhooks.ts'
import type { Answer } from './trello-request.ts'

/** An operation of Trello's REST API. Paths come after `/1`. */
export interface TrelloRoute {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  readonly path: string
  readonly at: VendorEdge
  readonly answer: Answer
}

/** All operations. */
export function createTrelloRoutes(dependencies: WebhookDependencies): readonly TrelloRoute[] {
  const cards = createCardAnswers(dependencies)
  const parts = createCardPartAnswers(dependencies)
  const comments = createCommentAnswers(dependencies)
  const boards = createBoardAnswers(dependencies)
  const webhooks = createWebhookAnswers(dependencies)
  return [
    { method: 'post', path: '/cards', at: 'trello.createCard', answer: cards.createCard },
    { method: 'get', path: '/cards/:id', at: 'trello.getCard', answer: cards.getCard },
    { method: 'put', path: '/cards/:id', at: 'trello.updateCard', answer: cards.updateCard },
    { method: 'delete', path: '/cards/:id', at: 'trello.deleteCard', answer: cards.deleteCard },
    { method: 'post', path: '/cards/:id/actions/comments', at: 'trello.addComment', answer: comments.addComment },
    { method: 'get', path: '/cards/:id/actions', at: 'trello.listActions', answer: comments.listActionsOfCard },
    { method: 'post', path: '/cards/:id/idMembers', at: 'trello.addMember', answer: parts.addMember },
    { method: 'delete', path: '/cards/:id/idMembers/:part', at: 'trello.removeMember', answer: parts.removeMember },
    { method: 'post', path: '/cards/:id/idLabels', at: 'trello.addLabel', answer: parts.addLabel },
    { method: 'delete', path: '/cards/:id/idLabels/:part', at: 'trello.removeLabel', answer: parts.removeLabel },
    { method: 'post', path: '/cards/:id/attachments', at: 'trello.addAttachment', answer: parts.addAttachment },
    { method: 'get', path: '/cards/:id/attachments', at: 'trello.listAttachments', answer: parts.listAttachments },
    { method: 'get', path: '/actions/:id', at: 'trello.getAction', answer: comments.getAction },
    { method: 'put', path: '/actions/:id', at: 'trello.updateAction', answer: comments.updateAction },
    { method: 'delete', path: '/actions/:id', at: 'trello.deleteAction', answer: comments.deleteAction },
    { method: 'get', path: '/boards/:id', at: 'trello.getBoard', answer: boards.getBoard },
    { method: 'get', path: '/boards/:id/lists', at: 'trello.listLists', answer: boards.listLists },
    { method: 'get', path: '/boards/:id/cards', at: 'trello.listCards', answer: cards.listCardsOfBoard },
    { method: 'get', path: '/boards/:id/members', at: 'trello.listMembers', answer: boards.listMembers },
    { method: 'get', path: '/boards/:id/labels', at: 'trello.listLabels', answer: boards.listLabels },
    { method: 'get', path: '/boards/:id/actions', at: 'trello.listActions', answer: boards.listActionsOfBoard },
    { method: 'post', path: '/labels', at: 'trello.createLabel', answer: boards.createLabel },
    { method: 'get', path: '/lists/:id', at: 'trello.getList', answer: boards.getList },
    { method: 'get', path: '/lists/:id/cards', at: 'trello.listCards', answer: cards.listCardsOfList },
    { method: 'get', path: '/members/:id', at: 'trello.getMember', answer: boards.getMember },
    { method: 'post', path: '/webhooks', at: 'trello.createWebhook', answer: webhooks.createWebhook },
    { method: 'get', path: '/webhooks/:id', at: 'trello.getWebhook', answer: webhooks.getWebhook },
    { method: 'put', path: '/webhooks/:id', at: 'trello.updateWebhook', answer: webhooks.updateWebhook },
    { method: 'delete', path: '/webhooks/:id', at: 'trello.deleteWebhook', answer: webhooks.deleteWebhook },
    { method: 'get', path: '/tokens/:id', at: 'trello.getToken', answer: webhooks.getToken },
    { method: 'post', path: '/tokens/:id/webhooks', at: 'trello.createWebhook', answer: webhooks.createWebhook },
    { method: 'get', path: '/tokens/:id/webhooks', at: 'trello.listWebhooks', answer: webhooks.listWebhooks },
    { method: 'get', path: '/tokens/:id/webhooks/:part', at: 'trello.getWebhook', answer: webhooks.getWebhook },
    { method: 'put', path: '/tokens/:id/webhooks/:part', at: 'trello.updateWebhook', answer: webhooks.updateWebhook },
    {
      method: 'delete',
      path: '/tokens/:id/webhooks/:part',
      at: 'trello.deleteWebhook',
      answer: webhooks.deleteWebhook,
    },
  ]
}
