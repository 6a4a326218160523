import { expect, test } from 'vitest'
import { startTestbed } from './start-testbed.ts'
import type { VirtualTestbedOptions } from './testbed.ts'

const ZIP = new Uint8Array()

test.each<readonly [options: unknown, said: string]>([
  [undefined, 'startTestbed needs `bundles`'],
  [{}, "startTestbed needs `bundles` (the functions' zips, as `loadBundles` reads them), or clock: 'virtual'."],
  [{ clock: 'virtul' }, '`clock` cannot be "virtul". Did you mean "virtual"?'],
  [
    { clock: 'virtul' },
    "startTestbed needs `bundles` (the functions' zips, as `loadBundles` reads them), or clock: 'v",
  ],
  [{ clock: 'system' }, 'startTestbed needs `bundles`'],
  [{ bundles: { low: ZIP, medium: ZIP, high: 'zip' } }, '`bundles` lacks the zip of high, news, events, dead, intake:'],
  ...[1.5, Number.NaN, '1', null].map((seed) => [{ clock: 'virtual', seed }, '`seed` cannot be '] as const),
  [
    { clock: 'virtual', sed: 7 },
    'An option of startTestbed on the virtual clock cannot be "sed". Did you mean "seed"?',
  ],
  [{ clock: 'virtual', bundles: {} }, 'on the virtual clock cannot be "bundles". It is one of "clock", "replicas", '],
  [
    { bundles: { low: ZIP, medium: ZIP, high: ZIP, news: ZIP, events: ZIP, dead: ZIP, intake: ZIP }, start: 0 },
    'on the system clock cannot be "start".',
  ],
  [{ clock: 'virtual', replicas: 0 }, '`replicas` cannot be 0. It is a whole number from 1.'],
  [{ clock: 'virtual', start: '2026' }, '`start` cannot be "2026". It is milliseconds since the epoch.'],
  [{ clock: 'virtual', functions: { hihg: () => undefined } }, 'A name in `functions` cannot be "hihg".'],
  [{ clock: 'virtual', functions: { high: 'index.js' } }, '`functions.high` cannot be "index.js".'],
])('refuses options that are wrong: %j', async (options, said) => {
  // Plain JavaScript can pass anything.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  await expect(startTestbed(options as VirtualTestbedOptions)).rejects.toThrow(said)
})
