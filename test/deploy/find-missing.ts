import { localstackImage } from '../backends/localstack-image.ts'
import { nodeImage } from './node-image.ts'
import { run } from './run.ts'

/** What this machine lacks to bring the deployment up, and what to do about it, in a line; undefined: nothing. */
export async function findMissing(): Promise<string | undefined> {
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}'])
  if (engine.code !== 0) return 'no Docker Engine answers; install and start one, or name it by DOCKER_HOST'
  const compose = await run('docker', ['compose', 'version'])
  if (compose.code !== 0) return 'Docker has no `compose`; install its plugin (docker-compose-plugin)'
  for (const image of [nodeImage(), localstackImage()]) {
    const inspected = await run('docker', ['image', 'inspect', image])
    if (inspected.code !== 0) return `the image ${image} is not here; docker pull ${image}`
  }
  return undefined
}
