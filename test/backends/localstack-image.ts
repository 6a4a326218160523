import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The one place that pins it. */
const COMPOSE = new URL('../../docker-compose.localstack.yaml', import.meta.url)

/** LocalStack's image as the compose file pins it: the last release that needs no account. */
export function pinnedLocalstackImage(): string {
  const [, pinned] = /image: (localstack\/localstack:\S+)/.exec(readFileSync(COMPOSE, 'utf8')) ?? []
  if (pinned === undefined) throw new Error(`no image of LocalStack in ${fileURLToPath(COMPOSE)}`)
  return pinned
}
