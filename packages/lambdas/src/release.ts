import { createHash } from 'node:crypto'
import { LANES, type Lane } from 'ticket-core'
import type { Bundles } from './load-bundles.ts'

/** Digits of a release that are shown. */
const SHOWN = 12

/** A name for the code of all functions, by their SHA-256 as Lambda reports it: the same code has the same name everywhere. */
export function nameRelease(digestOf: (lane: Lane) => string): string {
  const text = LANES.map((lane) => `${lane} ${digestOf(lane)}\n`).join('')
  return createHash('sha256').update(text).digest('hex').slice(0, SHOWN)
}

/** The release of these zips. */
export function releaseOf(bundles: Bundles): string {
  return nameRelease((lane) => createHash('sha256').update(bundles[lane]).digest('base64'))
}
