import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The one place that pins it. */
const COMPOSE = new URL('../../docker-compose.localstack.yaml', import.meta.url)

/** LocalStack's image as the compose file pins it: the last release that needs no account, by its digest. */
function pinnedLocalstackImage(): string {
  const [, pinned] = /image: \$\{LOCALSTACK_IMAGE:-(\S+)\}/.exec(readFileSync(COMPOSE, 'utf8')) ?? []
  if (pinned === undefined) throw new Error(`no image of LocalStack in ${fileURLToPath(COMPOSE)}`)
  return pinned
}

/** The image that the compose file takes: the pinned one, or another that LOCALSTACK_IMAGE names. */
export function localstackImage(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return env['LOCALSTACK_IMAGE'] || pinnedLocalstackImage()
}
