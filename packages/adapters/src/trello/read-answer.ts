/** The fields of a card that we use. */
export interface TrelloCard {
  readonly id: string
  readonly shortLink?: string
  readonly shortUrl?: string
  readonly desc?: string
}

export interface TrelloList {
  readonly id: string
  readonly name: string
  readonly closed: boolean
}

/** Reads a card; undefined when this is none. */
export function readCard(body: string): TrelloCard | undefined {
  return toCard(parse(body))
}

/** Reads a list of cards; undefined when any of them cannot be read, since the one we look for may be it. */
export function readCards(body: string): readonly TrelloCard[] | undefined {
  return readAll(body, toCard)
}

export function readLists(body: string): readonly TrelloList[] | undefined {
  return readAll(body, toList)
}

function readAll<Item>(body: string, read: (value: unknown) => Item | undefined): readonly Item[] | undefined {
  const values = parse(body)
  if (!Array.isArray(values)) return undefined
  const items = values.map((value: unknown) => read(value))
  return items.every((item) => item !== undefined) ? items : undefined
}

function toCard(value: unknown): TrelloCard | undefined {
  const fields = toObject(value)
  const id = fields?.['id']
  if (typeof id !== 'string' || !/^[0-9a-f]{24}$/.test(id)) return undefined
  return { id, ...pickText(fields, 'shortLink'), ...pickText(fields, 'shortUrl'), ...pickText(fields, 'desc') }
}

function toList(value: unknown): TrelloList | undefined {
  const fields = toObject(value)
  const id = fields?.['id']
  const name = fields?.['name']
  if (typeof id !== 'string' || typeof name !== 'string') return undefined
  return { id, name, closed: fields?.['closed'] === true }
}

function pickText<Name extends string>(
  fields: Record<string, unknown> | undefined,
  name: Name,
): { readonly [Key in Name]?: string } {
  const value = fields?.[name]
  const picked: { [Key in Name]?: string } = {}
  if (typeof value === 'string') picked[name] = value
  return picked
}

function toObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
