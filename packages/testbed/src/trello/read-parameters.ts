import { parseObject } from '../simulators/read-json.ts'

/** Parameters of a request by name: the query's, then the body's. Values of JSON bodies keep their type. */
export type Parameters = Readonly<Record<string, unknown>>

/** `undefined` when the body is not what its content type says. */
export function readParameters(
  query: URLSearchParams,
  body: string,
  contentType: string | null,
): Parameters | undefined {
  const fromQuery = Object.fromEntries(query)
  if (body === '') return fromQuery
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') {
    const fromBody = parseObject(body)
    return fromBody && { ...fromQuery, ...fromBody }
  }
  if (type === 'application/x-www-form-urlencoded')
    return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) }
  // Trello reads no other kind of body; its parameters are then those of the query.
  return fromQuery
}
