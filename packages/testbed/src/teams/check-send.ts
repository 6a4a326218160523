import { mustBeOneOf, describeValue } from '../faults/one-of.ts'
import { DEFAULT_PLACE } from './build-activity.ts'
import { TAMPERS } from './sign-activity.ts'
import { TEAMS_SHAPES } from './write-message.ts'

const FORM = ['title', 'priority', 'description', 'steps']
const NEEDED = ['title', 'priority', 'description']
const COMPOSE = ['shape', 'ageMs', 'inReplyTo', 'place']
const POST = ['to', 'tamper', 'token']
type Method = 'compose' | 'composeRaw' | 'post' | 'postBytes' | 'send' | 'sendText'

/** What each method of the Teams simulator takes. */
const OPTIONS: Readonly<Record<Method, readonly string[]>> = {
  compose: COMPOSE,
  composeRaw: COMPOSE.filter((name) => name !== 'shape'),
  post: POST,
  postBytes: POST,
  send: [...COMPOSE, ...POST],
  sendText: [...COMPOSE, ...POST],
}

/** Throws a TypeError for unknown options and wrong values: plain JavaScript and Vitest do not check types. */
export function checkSendOptions(method: Method, options: object): void {
  const given: Readonly<Record<string, unknown>> = { ...options }
  const check = (name: string, test: (value: unknown, what: string) => void): void => {
    if (given[name] !== undefined) test(given[name], `\`${name}\` of teams.${method}`)
  }
  checkNames(given, OPTIONS[method], `An option of teams.${method}`)
  check('shape', (value, what) => mustBeOneOf(value, TEAMS_SHAPES, what))
  check('tamper', (value, what) => mustBeOneOf(value, TAMPERS, what))
  check('ageMs', (value, what) => {
    if (!Number.isFinite(value)) throw new TypeError(`${what} cannot be ${describeValue(value)}. It is milliseconds.`)
  })
  for (const name of ['inReplyTo', 'to', 'token']) check(name, mustBeText)
  check('place', (value, what) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${what} cannot be ${describeValue(value)}.`)
    checkNames({ ...value }, Object.keys(DEFAULT_PLACE), `A part of ${what}`)
  })
}

/** Throws a TypeError unless it is a complete form. `sendText` sends incomplete or wrong ones. */
export function checkForm(form: unknown): void {
  const given: Readonly<Record<string, unknown>> = typeof form === 'object' ? { ...form } : {}
  checkNames(given, FORM, 'A field of the form')
  const missing = NEEDED.filter((name) => given[name] === undefined)
  if (missing.length > 0)
    throw new TypeError(
      `The form of teams.send lacks ${missing.map(describeValue).join(', ')}. To send an incomplete one, use teams.sendText.`,
    )
  for (const name of FORM) if (given[name] !== undefined) mustBeText(given[name], `\`${name}\` of the form`)
}

export function mustBeText(value: unknown, what: string): void {
  if (typeof value !== 'string') throw new TypeError(`${what} cannot be ${describeValue(value)}. It is a text.`)
}

function checkNames(given: Readonly<Record<string, unknown>>, known: readonly string[], what: string): void {
  for (const name of Object.keys(given)) if (given[name] !== undefined) mustBeOneOf(name, known, what)
}
