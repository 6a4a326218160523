import { readFileSync } from 'node:fs'
import { createVirtualClock, type VirtualClock } from '@ticketing/local-aws'
import { createSimulatorFetch } from '../src/simulators/simulator-fetch.ts'
import { createTrelloSimulator, type TrelloOptions } from '../src/trello/create-trello-simulator.ts'

/** 2026-11-23T14:03:22Z */
const START = 1_795_442_602_000

export interface Sent {
  readonly json?: unknown
  readonly text?: string
  readonly form?: Record<string, string>
  readonly headers?: Record<string, string>
}

/** A Trello simulator without a socket, and a client of it. */
export function startTrello({
  clock = createVirtualClock(START),
  ...options
}: Partial<TrelloOptions> & { clock?: VirtualClock } = {}) {
  const trello = createTrelloSimulator({ clock, ...options })
  const fetch = createSimulatorFetch([trello])
  const oauth = (token = trello.token) => `OAuth oauth_consumer_key="${trello.key}", oauth_token="${token}"`
  const call = async (
    method: string,
    path: string,
    { json, text, form, headers = { authorization: oauth() } }: Sent = {},
  ) => {
    const body = form ? new URLSearchParams(form) : (text ?? JSON.stringify(json))
    const type = json === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`https://api.trello.com/1${path}`, {
      method,
      headers: { ...type, ...headers },
      body: body ?? null,
    })
    const answer = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    const value: unknown = isJson ? JSON.parse(answer) : answer
    return { status: response.status, value, headers: response.headers }
  }
  const get = (path: string) => call('GET', path)
  const [todo, doing] = trello.lists.map(({ id }) => id)
  const create = (fields: object) => call('POST', '/cards', { json: { idList: todo, ...fields } })
  const names = async (path: string) => {
    const { value } = await get(path)
    return Array.isArray(value) ? value.map((item: { name: string }) => item.name) : value
  }
  return {
    clock,
    trello,
    oauth,
    call,
    get,
    create,
    names,
    todo: todo ?? '',
    doing: doing ?? '',
    board: `/boards/${trello.boardId}`,
  }
}

/** What a vendor really sent. */
export function readFixture(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8'))
}

/** The names of all members, at every depth, values aside. Items of a list count once. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]))
}
