import type { Bundles } from '@ticketing/lambdas'

/** A zip with nothing in it: functions that run inline need no code. APPNOTE.TXT 4.3.16, end of central directory. */
const EMPTY_ZIP = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array.from({ length: 18 }, () => 0)])

export const emptyBundles: Bundles = { low: EMPTY_ZIP, medium: EMPTY_ZIP, high: EMPTY_ZIP, dead: EMPTY_ZIP }
