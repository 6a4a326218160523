import { createHash } from 'node:crypto'
import type { Bundles } from '@ticketing/lambdas'
import type { StackStatus } from '@ticketing/stack'
import { LANES, type Lane } from 'ticket-core'

/** Digits of a release that are shown. */
const SHOWN = 12

/** A name for these functions: the same code has the same name, on every machine. */
function nameRelease(digests: Readonly<Record<Lane, string>>): string {
  const text = LANES.map((lane) => `${lane} ${digests[lane]}\n`).join('')
  return createHash('sha256').update(text).digest('hex').slice(0, SHOWN)
}

/** The release of these zips. */
export function releaseOf(bundles: Bundles): string {
  const digest = (lane: Lane): string => createHash('sha256').update(bundles[lane]).digest('base64')
  return nameRelease(byLane(digest))
}

/** The release of the functions that are deployed; undefined where one is missing. */
export function deployedRelease({ lanes }: StackStatus): string | undefined {
  const digests = new Map(lanes.map(({ lane, function: is }) => [lane, is?.codeSha256]))
  if (LANES.some((lane) => !digests.get(lane))) return undefined
  return nameRelease(byLane((lane) => digests.get(lane) ?? ''))
}

function byLane(find: (lane: Lane) => string): Record<Lane, string> {
  return {
    low: find('low'),
    medium: find('medium'),
    high: find('high'),
    news: find('news'),
    events: find('events'),
    dead: find('dead'),
  }
}
