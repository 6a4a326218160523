import { chmod, cp, mkdir, realpath, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildBundles, bundle } from '@ticketing/lambdas/build'

// What deploy/Dockerfile puts into its two images, below deploy/image/: the command as one file, the functions' zips,
// and ngrok's SDK, which has a native part. `server` has no testbed in it, `simulators` has.

const root = fileURLToPath(new URL('../../..', import.meta.url))
const image = join(root, 'deploy', 'image')
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

await rm(image, { recursive: true, force: true })
await buildBundles()
/** Never bundled: what only a clone has, and what is native. */
const outside = ['@ticketing/lambdas/build', '@ngrok/ngrok']
for (const [name, external] of [
  ['server', ['@ticketing/testbed', ...outside]],
  ['simulators', outside],
] as const) {
  const directory = join(image, name, 'bin')
  await bundle({ entry: { ticketing: main }, directory, minify: false, external })
  const file = join(directory, 'ticketing.mjs')
  await chmod(file, 0o755)
  const { size } = await stat(file)
  console.log(`${name}: ${(size / 1024).toFixed(0)} KB in one file`)
}
await cp(join(root, 'packages', 'lambdas', 'bundles'), join(image, 'server', 'bundles'), { recursive: true })
await copyNgrok(join(image, 'server', 'node_modules', '@ngrok'))

/** The package and the native one of this platform, its neighbour; an optional dependency may be missing. */
async function copyNgrok(to: string): Promise<void> {
  const from = await realpath(join(root, 'packages', 'cli', 'node_modules', '@ngrok', 'ngrok')).catch(() => undefined)
  if (from === undefined) return console.log('without ngrok: its package is not installed')
  await mkdir(to, { recursive: true })
  await cp(dirname(from), to, { recursive: true, dereference: true })
}
