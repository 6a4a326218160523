import { numberOf, optionalNumberOf, textOf, type Row, type Sql } from '../../sql.ts'
import { queueDoesNotExist } from './sqs-errors.ts'
import type { Call } from '../../service.ts'

/** A stored queue. */
export interface QueueRecord {
  readonly id: number
  readonly region: string
  readonly account: string
  readonly name: string
  /** Only attributes that were set; see `attributeRules` for the defaults. */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly modifiedAt: number
  readonly purgedAt: number | undefined
}

export function readQueue(row: Row): QueueRecord {
  return {
    id: numberOf(row, 'id'),
    region: textOf(row, 'region'),
    account: textOf(row, 'account'),
    name: textOf(row, 'name'),
    attributes: readTextMap(textOf(row, 'attributes')),
    tags: readTextMap(textOf(row, 'tags')),
    createdAt: numberOf(row, 'created_at'),
    modifiedAt: numberOf(row, 'modified_at'),
    purgedAt: optionalNumberOf(row, 'purged_at'),
  }
}

export function findQueueByName(sql: Sql, region: string, name: string): QueueRecord | undefined {
  const row = sql.one('SELECT * FROM sqs_queues WHERE region = ? AND name = ?', region, name)
  return row && readQueue(row)
}

/** `arn:aws:sqs:<region>:<account>:<name>` of a queue that exists. */
export function findQueueByArn(sql: Sql, arn: string): QueueRecord | undefined {
  const [prefix, partition, service, region = '', , name = '', ...more] = arn.split(':')
  if (prefix !== 'arn' || partition !== 'aws' || service !== 'sqs' || more.length > 0) return undefined
  return findQueueByName(sql, region, name)
}

/** The queue of a URL, with any host: its name is the path's last part. Throws if there is none. */
export function findQueueByUrl(sql: Sql, url: string | undefined, call: Call): QueueRecord {
  const [path = ''] = (url ?? '').split(/[?#]/)
  const queue = findQueueByName(sql, call.region, path.replace(/\/+$/, '').split('/').at(-1) ?? '')
  if (!queue) throw queueDoesNotExist()
  return queue
}

export function arnOf({ region, account, name }: Pick<QueueRecord, 'region' | 'account' | 'name'>): string {
  return `arn:aws:sqs:${region}:${account}:${name}`
}

/** The queue's URL on the host that this client used. */
export function urlOf({ account, name }: Pick<QueueRecord, 'account' | 'name'>, baseUrl: string): string {
  return `${baseUrl}/${account}/${name}`
}

const MAX_CACHED = 500
const cached = new Map<string, Readonly<Record<string, string>>>()

/** Reads a stored JSON object of texts. Cached: a queue's attributes are read by every call and rarely change. */
function readTextMap(json: string): Readonly<Record<string, string>> {
  const known = cached.get(json)
  if (known) return known
  if (cached.size >= MAX_CACHED) cached.clear()
  const read = Object.freeze(readAnew(json))
  cached.set(json, read)
  return read
}

function readAnew(json: string): Record<string, string> {
  const value: unknown = JSON.parse(json)
  if (typeof value !== 'object' || value === null) throw new TypeError('A column is not a JSON object.')
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}
