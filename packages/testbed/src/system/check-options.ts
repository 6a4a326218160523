import { LANES, NEWS_LEVELS } from 'ticket-core'
import { mustBeOneOf, describeValue } from '../faults/one-of.ts'
import type { TestbedOptions, VirtualTestbedOptions } from './testbed.ts'

const NEEDS = "startTestbed needs `bundles` (the functions' zips, as `loadBundles` reads them), or clock: 'virtual'"

const COMMON = ['clock', 'replicas', 'prefix', 'functionSettings', 'callbacks', 'seed', 'onReady']
const VIRTUAL = ['start', 'functions', 'connectLine', 'laterPrefixes', 'sweep', 'wrapProcess']
const SYSTEM = ['bundles', 'intake', 'news', 'escalateAfter', 'directory', 'ports', 'hostNames', 'externalCloud']

/** Throws a TypeError for unknown or wrong options: plain JavaScript and Vitest do not check types. */
export function checkOptions(options: TestbedOptions | VirtualTestbedOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options }
  const { clock, bundles, seed, functions, replicas, start, callbacks, news } = given
  if (clock !== undefined) mustBeOneOf(clock, ['virtual', 'system'], `${NEEDS}; \`clock\``)
  if (clock !== 'virtual') checkBundles(bundles)
  const isVirtual = clock === 'virtual'
  const known = [...COMMON, ...(isVirtual ? VIRTUAL : SYSTEM)]
  for (const name of Object.keys(given))
    if (given[name] !== undefined)
      mustBeOneOf(name, known, `An option of startTestbed on the ${isVirtual ? 'virtual' : 'system'} clock`)
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw new TypeError(`\`seed\` cannot be ${describeValue(seed)}. It is a whole number.`)
  if (replicas !== undefined && (!Number.isSafeInteger(replicas) || Number(replicas) < 1))
    throw new TypeError(`\`replicas\` cannot be ${describeValue(replicas)}. It is a whole number from 1.`)
  if (start !== undefined && !Number.isFinite(start))
    throw new TypeError(`\`start\` cannot be ${describeValue(start)}. It is milliseconds since the epoch.`)
  if (news !== undefined) mustBeOneOf(news, NEWS_LEVELS, '`news`')
  if (given['intake'] !== undefined) mustBeOneOf(given['intake'], ['server', 'function'], '`intake`')
  if (functions !== undefined) checkFunctions(functions)
  if (callbacks !== undefined) checkCallbacks(callbacks)
}

function checkCallbacks(callbacks: unknown): void {
  const urls: Readonly<Record<string, unknown>> = { ...Object(callbacks) }
  for (const [name, url] of Object.entries(urls)) {
    mustBeOneOf(name, ['trello', 'slack'], 'A name in `callbacks`')
    if (typeof url !== 'string' || !URL.canParse(url, 'http://server'))
      throw new TypeError(
        `\`callbacks.${name}\` cannot be ${describeValue(url)}. It is an address, or a path of the first server.`,
      )
  }
}

function checkBundles(bundles: unknown): void {
  if (bundles === undefined || bundles === null) throw new TypeError(`${NEEDS}.`)
  const zips = new Map<string, unknown>(Object.entries(bundles))
  const missing = [...LANES, 'intake'].filter((name) => !(zips.get(name) instanceof Uint8Array))
  if (missing.length > 0)
    throw new TypeError(
      `\`bundles\` lacks the zip of ${missing.join(', ')}: each is a Uint8Array, as \`loadBundles\` reads it.`,
    )
}

function checkFunctions(functions: unknown): void {
  const makers: Readonly<Record<string, unknown>> = { ...Object(functions) }
  for (const [name, make] of Object.entries(makers)) {
    mustBeOneOf(name, LANES, 'A name in `functions`')
    if (make !== undefined && typeof make !== 'function')
      throw new TypeError(
        `\`functions.${name}\` cannot be ${describeValue(make)}. It is a function that makes a handler.`,
      )
  }
}
