import { readFile } from 'node:fs/promises'
import { type Lane, LANES } from 'ticket-core'

/** Each function's zip, as `CreateFunction` takes it; its handler is `index.handler`. */
export type Bundles = Readonly<Record<BundleName, Uint8Array>>

/** Every lane's function, and line 1 as a function. */
export type BundleName = Lane | 'intake'
export const BUNDLE_NAMES: readonly BundleName[] = [...LANES, 'intake']

/** Where the zips are made: beside `src`, `dist` and the image's `bin` alike, so this file stays right below them. */
export const BUNDLES: URL = new URL('../bundles/', import.meta.url)

/** Reads the zips that `pnpm bundle` made. */
export async function loadBundles(): Promise<Bundles> {
  const [low, medium, high, news, events, dead, intake] = await Promise.all([
    read('low'),
    read('medium'),
    read('high'),
    read('news'),
    read('events'),
    read('dead'),
    read('intake'),
  ])
  return { low, medium, high, news, events, dead, intake }
}

async function read(name: BundleName): Promise<Uint8Array> {
  try {
    return await readFile(new URL(`${name}.zip`, BUNDLES))
  } catch (cause) {
    throw new Error(`the bundle of the function "${name}" is not there; make it by: npx -y pnpm@12 bundle`, { cause })
  }
}
