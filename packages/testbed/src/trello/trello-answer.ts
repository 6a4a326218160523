/** A refusal with Trello's own status and text. */
export interface Refusal {
  readonly status: number
  readonly text: string
  readonly isJson?: true
}

type RefusalName =
  | 'invalidKey'
  | 'invalidToken'
  | 'unauthorized'
  | 'unauthorizedCard'
  | 'missingScopes'
  | 'noModel'
  | 'noCard'
  | 'invalidId'
  | 'invalidAction'
  | 'invalidBody'
  | 'memberIsThere'
  | 'memberIsNotThere'
  | 'labelIsThere'
  | 'labelIsNotThere'
  | 'tooManyAttachments'
  | 'webhookIsThere'
  | 'noBoardOfCard'
  | 'notFound'
  | 'uriTooLong'

/**
 * Trello's refusals by cause: plain text, with one exception. Public test suites of Trello's API assert most of these texts:
 * https://github.com/sarumont/py-trello/issues/367 and https://github.com/LFS6502/roblox-trello/issues/2, and
 * `fixtures/trello/rest-answers-2020.json` has them as recorded.
 */
export const refusals: Readonly<Record<RefusalName, Refusal>> = {
  invalidKey: { status: 401, text: 'invalid key' },
  invalidToken: { status: 401, text: 'invalid token' },
  unauthorized: { status: 401, text: 'unauthorized permission requested' },
  unauthorizedCard: { status: 401, text: 'unauthorized card permission requested' },
  missingScopes: { status: 401, text: '{"message":"missing scopes"}', isJson: true },
  invalidId: { status: 400, text: 'invalid id' },
  invalidBody: { status: 400, text: 'Error parsing body' },
  noBoardOfCard: { status: 404, text: 'could not find the board that the card belongs to' },
  notFound: { status: 404, text: 'The requested resource was not found.' },
  noModel: { status: 404, text: 'model not found' },
  noCard: { status: 404, text: 'card not found' },
  memberIsThere: { status: 400, text: 'member is already on the card' },
  webhookIsThere: { status: 400, text: 'A webhook with that callback, model, and token already exists' },
  // No source was found for the words of the next five.
  memberIsNotThere: { status: 400, text: 'member is not on the card' },
  labelIsThere: { status: 400, text: 'that label is already on the card' },
  labelIsNotThere: { status: 400, text: 'that label is not on the card' },
  tooManyAttachments: { status: 400, text: 'card has too many attachments' },
  invalidAction: { status: 400, text: 'invalid action' },
  uriTooLong: { status: 414, text: 'Request-URI Too Large' },
}

/** `invalid value for idList`, 400. */
export function invalidValue(field: string): Refusal {
  return { status: 400, text: `invalid value for ${field}` }
}

export function answerRefusal({ status, text, isJson }: Refusal): Response {
  const type = isJson ? 'application/json' : 'text/plain'
  return new Response(text, { status, headers: { 'content-type': `${type}; charset=utf-8` } })
}

export function answerJson(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json; charset=utf-8' } })
}
