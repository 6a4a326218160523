import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { VirtualTestbedOptions } from '@ticketing/testbed'

/** A text in a file of a package's sources, such as `server/start.ts`, and what stands there instead. */
export interface Patch {
  readonly file: string
  readonly find: string
  readonly put: string
}

type Copied = Required<Pick<VirtualTestbedOptions, 'functions' | 'connectLine'>>
type Maker = NonNullable<NonNullable<Copied['functions']>['low']>

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url))
/** Below `test/`, so that packages are found from there as from every test. */
const COPIES = fileURLToPath(new URL('./.planted/', import.meta.url))
/** What runs in a deployment, by the names under which one imports the other. */
const COPIED = {
  lambdas: '@ticketing/lambdas',
  adapters: 'ticket-adapters',
  server: '@ticketing/server',
  'ticket-core': 'ticket-core',
}
const made = new Set<string>()
const LANES = ['low', 'medium', 'high', 'news', 'events', 'dead'] as const

/** Copies functions and server with all that they are made of, changes the copy, and loads it. A text that is not there once is an error. */
export async function plantInCopy(name: string, patches: readonly Patch[]): Promise<Copied> {
  const root = join(COPIES, name)
  made.add(root)
  await rm(root, { recursive: true, force: true })
  await mkdir(root, { recursive: true })
  for (const each of Object.keys(COPIED)) {
    await cp(join(PACKAGES, each, 'src'), join(root, each), {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    })
  }
  for (const { file, find, put } of patches) await replaceOnce(join(root, file), find, put)
  const sources = await Promise.all(Object.keys(COPIED).map((each) => sourcesOf(join(root, each))))
  await Promise.all(sources.flat().map((file) => useCopies(file, root)))
  // Dependencies of the package that the root does not have. Last: a search for files would follow the link.
  for (const each of Object.keys(COPIED)) {
    const dependencies = join(PACKAGES, each, 'node_modules')
    if (existsSync(dependencies)) await symlink(dependencies, join(root, each, 'node_modules'), 'junction')
  }
  const load = async (file: string): Promise<unknown> => import(/* @vite-ignore */ pathToFileURL(join(root, file)).href)
  // The copies have the types of what they were copied from.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handlers = (await Promise.all(LANES.map((lane) => load(`lambdas/${lane}.handler.ts`)))) as {
    createHandler: Maker
  }[]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { connectLine } = (await load('server/index.ts')) as Pick<Copied, 'connectLine'>
  return {
    functions: Object.fromEntries(LANES.map((lane, index) => [lane, handlers[index]?.createHandler])),
    connectLine,
  }
}

/** Takes the copies of this process away: another process has its own. */
export async function removeCopies(): Promise<void> {
  for (const root of made) await rm(root, { recursive: true, force: true })
  made.clear()
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

/** Imports of a copied package, or of a part of it, mean the copy. */
async function useCopies(file: string, root: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const copied = Object.entries(COPIED).reduce((all, [folder, name]) => {
    const there = relative(dirname(file), join(root, folder))
    return all.replaceAll(new RegExp(`'${name}(/[a-z0-9-]+)?'`, 'g'), (_all, part = '') => `'${there}${part}/index.ts'`)
  }, text)
  if (copied !== text) await writeFile(file, copied)
}
