import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The one place that pins it. */
const DOCKERFILE = new URL('../../deploy/Dockerfile', import.meta.url)

/** The base of our images: the one that the Dockerfile pins by its digest, or another that NODE_IMAGE names. */
export function nodeImage(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const [, pinned] = /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(DOCKERFILE, 'utf8')) ?? []
  if (pinned === undefined) throw new Error(`no image of Node in ${fileURLToPath(DOCKERFILE)}`)
  return env['NODE_IMAGE'] || pinned
}
