import { isObjectId } from './object-id.ts'
import type { Parameters } from './read-request.ts'
import { invalidValue, type Refusal } from './trello-answer.ts'
import type { Card } from './trello-state.ts'

/** Characters, of `name` and of `desc`. */
const MAX_CARD_TEXT = 16_384

/** The fields of a card that a request sets. */
export type CardFields = Partial<
  Pick<Card, 'name' | 'desc' | 'closed' | 'due' | 'dueComplete' | 'idLabels' | 'idMembers' | 'idList'>
> & {
  readonly pos?: 'top' | 'bottom' | number
}

export type CheckedFields =
  | { readonly ok: true; readonly value: CardFields }
  | { readonly ok: false; readonly failure: Refusal }

/** Reads the fields that a create or an update sets. Refuses the first wrong value in Trello's words. */
export function checkCardFields(parameters: Parameters): CheckedFields {
  let wrong: string | undefined
  const take = <Value>(field: string, read: (value: unknown) => Value | undefined): Value | undefined => {
    const given = parameters[field]
    const value = given === undefined ? undefined : read(given)
    if (given !== undefined && value === undefined) wrong ??= field
    return value
  }
  const value = withoutUndefined({
    name: take('name', readText),
    desc: take('desc', readText),
    idList: take('idList', (id) => (isObjectId(id) ? id : undefined)),
    pos: take('pos', readPosition),
    closed: take('closed', readBoolean),
    due: take('due', readDue),
    dueComplete: take('dueComplete', readBoolean),
    idLabels: take('idLabels', readIds),
    idMembers: take('idMembers', readIds),
  })
  return wrong === undefined ? { ok: true, value } : { ok: false, failure: invalidValue(wrong) }
}

type Given<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> }

function withoutUndefined<Fields extends object>(fields: Fields): Given<Fields> {
  const given: Given<Fields> = { ...fields }
  for (const field in given) if (given[field] === undefined) delete given[field]
  return given
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= MAX_CARD_TEXT ? value : undefined
}

function readPosition(value: unknown): 'top' | 'bottom' | number | undefined {
  if (value === 'top' || value === 'bottom') return value
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && number > 0 && Number.isFinite(number) ? number : undefined
}

function readBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  return value === 'true' || value === 'false' ? value === 'true' : undefined
}

function readDue(value: unknown): string | null | undefined {
  if (value === null || value === '') return null
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

function readIds(value: unknown): readonly string[] | undefined {
  const ids = typeof value === 'string' ? value.split(',').filter((id) => id !== '') : value
  return Array.isArray(ids) && ids.every(isObjectId) ? ids : undefined
}
