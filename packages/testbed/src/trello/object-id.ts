import { createHash } from 'node:crypto'

/** 24 hex digits: 8 of the second of creation, 10 of the seed, 6 of a counter. Trello's ids are MongoDB's. */
export type NextId = (now: number) => string

/** Makes ids that grow within their second. The same seed gives the same ids. */
export function createObjectIds(seed: string, used = 0): NextId {
  const machine = createHash('sha256').update(seed).digest('hex').slice(0, 10)
  let count = used
  return (now) => {
    count += 1
    return toHex(Math.floor(now / 1000), 8) + machine + toHex(count, 6)
  }
}

/** The second of creation in an id, in milliseconds since the epoch. */
export function createdAt(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) * 1000
}

/** Whether a text has the form of an id. */
export function isObjectId(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{24}$/.test(text)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Eight letters and digits, always the same for one id: Trello's short links. */
export function shortLinkOf(id: string): string {
  const digest = createHash('sha256').update(id).digest()
  return [...digest.subarray(0, 8)].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join('')
}

function toHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0').slice(-digits)
}
