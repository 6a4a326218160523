import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { zipSync } from 'fflate'
import { BUNDLE_NAMES, type BundleName, BUNDLES } from '../load-bundles.ts'

const lambdas = fileURLToPath(new URL('../..', import.meta.url))
const packages = join(lambdas, '..')
const directory = fileURLToPath(BUNDLES)

/** Everything that a bundle is made from. */
const SOURCES = ['ticket-core/src', 'adapters/src', 'lambdas/src', 'server/src'].map((path) => join(packages, path))

/** Bundles of ESM that hold CommonJS parts (of the AWS SDK) need a `require`. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);"

/** Makes the functions' zips unless they were made from these very sources; the same sources give the same bytes. */
export async function buildBundles(): Promise<'built' | 'up-to-date'> {
  const stamp = await hashSources()
  if ((await readText(join(directory, 'made-from'))) === stamp) return 'up-to-date'
  const out = await mkdtemp(join(tmpdir(), 'ticketing-bundles-'))
  try {
    const entry = Object.fromEntries(BUNDLE_NAMES.map((name) => [name, entryOf(name)]))
    await bundle({ entry, directory: out, minify: true })
    await mkdir(directory, { recursive: true })
    for (const name of BUNDLE_NAMES)
      await replaceFile(join(directory, `${name}.zip`), zip(await readFile(join(out, `${name}.mjs`))))
    await replaceFile(join(directory, 'made-from'), stamp)
  } finally {
    await rm(out, { recursive: true, force: true })
  }
  return 'built'
}

/** Line 1 is of the server's package: the same code answers there. */
function entryOf(name: BundleName): string {
  return name === 'intake' ? join(packages, 'server', 'src', 'lambda.ts') : join(lambdas, 'src', `${name}.handler.ts`)
}

export interface BundleOptions {
  /** Source files by the names of the bundles. */
  readonly entry: Readonly<Record<string, string>>
  /** Where `<name>.mjs` go. */
  readonly directory: string
  readonly minify: boolean
  /** Names that stay imports, as they stand in the source. */
  readonly external?: readonly string[]
}

/** Bundles each entry with everything that it imports into one ES module for Node, from the packages' sources. */
export async function bundle({ entry, directory: outDir, minify, external = [] }: BundleOptions): Promise<void> {
  // Half a second to load, for nothing when the bundles are up to date.
  const { build } = await import('tsup')
  await build({
    entry,
    outDir,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    splitting: false,
    minify,
    dts: false,
    silent: true,
    config: false,
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    noExternal: [/.*/],
    outExtension: () => ({ js: '.mjs' }),
    banner: { js: BANNER },
    esbuildOptions: (options) => {
      options.conditions = ['source', 'import', 'module', 'node', 'default']
      options.legalComments = 'none'
      // Not tsup's own option: there `noExternal` wins over it.
      options.external = [...external]
    },
  })
}

/** One file, `index.mjs`, with a fixed time stamp: a zip that differs only when the code does. */
function zip(code: Uint8Array): Uint8Array {
  // fflate writes local time, as zips do; this is the same local time everywhere.
  return zipSync({ 'index.mjs': [code, { mtime: new Date(2020, 0, 1), level: 9 }] })
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const files = (await readdir(source, { recursive: true })).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    )
    for (const file of files.toSorted()) {
      hash
        .update(file.replaceAll('\\', '/'))
        .update('\0')
        .update(await readFile(join(source, file)))
        .update('\0')
    }
  }
  for (const lock of ['pnpm-lock.yaml', 'package.json']) hash.update(await readFile(join(packages, '..', lock)))
  return hash.digest('hex')
}

async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  // A reader at this moment gets the old file or the new one, never half of one.
  const temporary = `${path}.${process.pid}`
  await writeFile(temporary, content)
  await rename(temporary, path)
}

async function readText(path: string): Promise<string | undefined> {
  return (await stat(path).catch(() => undefined)) === undefined ? undefined : readFile(path, 'utf8')
}
