import type { Bundles } from '@ticketing/lambdas'
import { createVirtualClock } from '@ticketing/local-aws'
import { createFaults } from '../faults/create-faults.ts'
import { createJournal } from '../journal/create-journal.ts'
import { createInProcessClients } from './without-wire.ts'
import { createRandom } from './random.ts'
import { deploy, type Deployed } from './deploy.ts'
import { createVirtualMachine } from './virtual-machine.ts'

export interface BedImageOptions {
  readonly prefix: string
  readonly secretId: string
  readonly functionSettings: Readonly<Record<string, string>>
}

/** A saved cloud with the stack in it: every testbed starts from a copy. */
export interface BedImage {
  readonly store: Uint8Array
  /** The state of Trello: the secret names its board. */
  readonly trello: string
  readonly deployed: Deployed
}

/** An empty zip: functions that run inline need no code. APPNOTE.TXT 4.3.16, end of central directory. */
const EMPTY_ZIP = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array.from({ length: 18 }, () => 0)])

const emptyBundles: Bundles = {
  low: EMPTY_ZIP,
  medium: EMPTY_ZIP,
  high: EMPTY_ZIP,
  news: EMPTY_ZIP,
  events: EMPTY_ZIP,
  dead: EMPTY_ZIP,
  intake: EMPTY_ZIP,
}

/** Long before any testbed begins. */
const BUILT_AT = Date.UTC(2026, 0, 1)
const images = new Map<string, Promise<BedImage>>()

/** The image for these options. Made once in a process, by the code that makes the stack on AWS. */
export function bedImage(options: BedImageOptions): Promise<BedImage> {
  const key = JSON.stringify(options)
  const known = images.get(key)
  if (known) return known
  const made = makeImage(options)
  images.set(key, made)
  return made
}

async function makeImage({ prefix, secretId, functionSettings }: BedImageOptions): Promise<BedImage> {
  const clock = createVirtualClock(BUILT_AT)
  const stops: (() => Promise<void>)[] = []
  const journal = createJournal({ clock })
  const machine = createVirtualMachine(
    { clock, prefix },
    { journal, faults: createFaults(), random: createRandom(1), stops, onReady: () => undefined },
  )
  const { vendors } = machine
  const clients = createInProcessClients(machine.aws)
  const deployed = await clock.runUntilSettled(
    deploy({ clients, clock, vendors, prefix, secretId, functionSettings, bundles: emptyBundles }),
  )
  const store = machine.image()
  const trello = vendors.trello.save()
  for (const stop of stops.toReversed()) await stop()
  return { store, trello, deployed }
}
