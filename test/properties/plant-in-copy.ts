import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { VirtualTestbedOptions } from '@ticketing/testbed'

/** A text in a file of `packages/lambdas/src` or `packages/adapters/src`, and what stands there instead. */
export interface Patch {
  readonly file: string
  readonly find: string
  readonly put: string
}

type Functions = NonNullable<VirtualTestbedOptions['functions']>

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))
/** Below `test/`, so that packages are found from there as from every test. */
const COPIES = fileURLToPath(new URL('./.planted/', import.meta.url))
const COPIED = ['lambdas', 'adapters']

/** Copies the functions with their adapters, changes the copy, and loads it. A text that is not there once is an error. */
export async function plantInCopy(name: string, patches: readonly Patch[]): Promise<Functions> {
  const root = join(COPIES, name)
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  for (const each of COPIED) {
    await cp(join(PACKAGES, each, 'src'), join(root, each), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    })
    // Dependencies of the package that the root does not have.
    await symlink(join(PACKAGES, each, 'node_modules'), join(root, each, 'node_modules'), 'junction')
  }
  for (const { file, find, put } of patches) await replaceOnce(join(root, file), find, put)
  await Promise.all((await sourcesOf(join(root, 'lambdas'))).map((file) => useCopiedAdapters(file, root)))
  const load = async (lane: string): Promise<Required<Functions>['low']> => {
    const url = pathToFileURL(join(root, 'lambdas', `${lane}.handler.ts`)).href
    // The copy has the types of what it was copied from.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { createHandler } = (await import(/* @vite-ignore */ url)) as { createHandler: Required<Functions>['low'] }
    return createHandler
  }
  const [low, medium, high, events, dead] = await Promise.all(['low', 'medium', 'high', 'events', 'dead'].map(load))
  if (!low || !medium || !high || !events || !dead) throw new Error('a function of the copy could not be loaded')
  return { low, medium, high, events, dead }
}

/** Takes all copies away. */
export async function removeCopies(): Promise<void> {
  await rm(COPIES, { recursive: true, force: true })
}

async function replaceOnce(file: string, find: string, put: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const times = text.split(find).length - 1
  if (times !== 1)
    throw new Error(`expected once, found ${times} times in ${relative(COPIES, file)}: ${find}. Adapt the patch.`)
  await writeFile(
    file,
    text.replace(find, () => put),
  )
}

async function sourcesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true })
  return entries.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name))
}

async function useCopiedAdapters(file: string, root: string): Promise<void> {
  const adapters = relative(dirname(file), join(root, 'adapters'))
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text.replaceAll(/'ticket-adapters\/([a-z0-9-]+)'/g, (_all, name) => `'${adapters}/${name}/index.ts'`),
  )
}
