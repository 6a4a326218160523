/** A refusal: status and text are Trello's own. */
export interface Refusal {
  readonly status: number
  readonly text: string
}

type RefusalName =
  | 'invalidKey'
  | 'invalidToken'
  | 'unauthorized'
  | 'invalidId'
  | 'invalidBody'
  | 'noBoardOfCard'
  | 'notFound'
  | 'uriTooLong'

/** Trello's refusals by what was wrong. Plain text, not JSON. */
export const refusals: Readonly<Record<RefusalName, Refusal>> = {
  invalidKey: { status: 401, text: 'invalid key' },
  invalidToken: { status: 401, text: 'invalid token' },
  unauthorized: { status: 401, text: 'unauthorized permission requested' },
  invalidId: { status: 400, text: 'invalid id' },
  invalidBody: { status: 400, text: 'Error parsing body' },
  noBoardOfCard: { status: 404, text: 'could not find the board that the card belongs to' },
  notFound: { status: 404, text: 'The requested resource was not found.' },
  uriTooLong: { status: 414, text: 'Request-URI Too Large' },
}

/** `invalid value for idList`, 400. */
export function invalidValue(field: string): Refusal {
  return { status: 400, text: `invalid value for ${field}` }
}

export function answerRefusal({ status, text }: Refusal): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

export function answerJson(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json; charset=utf-8' } })
}
