import { readFile } from 'node:fs/promises'
import type { Lane } from 'ticket-core'

/** Each function's zip, as `CreateFunction` takes it; its handler is `index.handler`. */
export type Bundles = Readonly<Record<Lane, Uint8Array>>

/** Where the zips are made: beside `src`, `dist` and the image's `bin` alike, so this file stays right below them. */
export const BUNDLES: URL = new URL('../bundles/', import.meta.url)

/** Reads the zips that `pnpm bundle` made. */
export async function loadBundles(): Promise<Bundles> {
  const [low, medium, high, news, events, dead] = await Promise.all([
    read('low'),
    read('medium'),
    read('high'),
    read('news'),
    read('events'),
    read('dead'),
  ])
  return { low, medium, high, news, events, dead }
}

async function read(lane: Lane): Promise<Uint8Array> {
  try {
    return await readFile(new URL(`${lane}.zip`, BUNDLES))
  } catch (cause) {
    throw new Error(`the bundle of the function "${lane}" is not there; make it by: npx -y pnpm@12 bundle`, { cause })
  }
}
