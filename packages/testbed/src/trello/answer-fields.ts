import { isObjectId } from './object-id.ts'
import { answerJson, answerRefusal, invalidValue, refusals, type Refusal } from './trello-answer.ts'
import type { Json } from './trello-state.ts'

/** Answers items with the fields that the request asks for. */
export function answerFields(items: readonly Json[], query: URLSearchParams): Response {
  const picked = pickFields(items, query.get('fields'))
  return picked ? answerJson(picked) : answerRefusal(invalidValue('fields'))
}

/** The same for one item. */
export function answerItem(item: Json, query: URLSearchParams): Response {
  const picked = pickFields([item], query.get('fields'))
  return picked ? answerJson(picked[0]) : answerRefusal(invalidValue('fields'))
}

export interface Search<Item> {
  readonly among: readonly Item[]
  /** The names by which a request may ask for an item. */
  readonly names: (item: Item) => readonly string[]
  readonly missing?: Refusal
  /** For a name that has the form of a short link. @default as `missing` */
  readonly unknownShortLink?: Refusal
}

/** The item of that name, or Trello's refusal. */
export function findBy<Item>(id: string, search: Search<Item>): Item | Response {
  const { among, names, missing = refusals.notFound, unknownShortLink = missing } = search
  const found = among.find((item) => names(item).includes(id))
  if (found) return found
  if (isObjectId(id)) return answerRefusal(missing)
  return answerRefusal(/^[A-Za-z0-9]{8}$/.test(id) ? unknownShortLink : refusals.invalidId)
}

/** `fields=name,closed` selects those and the id; `all` or none selects all. `undefined` for an unknown field. */
function pickFields(items: readonly Json[], fields: string | null): readonly Json[] | undefined {
  const [first] = items
  if (fields === null || fields === '' || fields === 'all' || !first) return items
  const names = fields.split(',').map((name) => name.trim())
  if (!names.every((name) => name in first)) return undefined
  const wanted = new Set(['id', ...names])
  return items.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))))
}
