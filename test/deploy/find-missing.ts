import { run } from './run.ts'

const IMAGES = ['node:24-trixie-slim', 'localstack/localstack:4.14.0']

/** What this machine lacks to bring the deployment up, and what to do about it, in a line; undefined: nothing. */
export async function findMissing(): Promise<string | undefined> {
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}'])
  if (engine.code !== 0) return 'no Docker Engine answers; install and start one, or name it by DOCKER_HOST'
  const compose = await run('docker', ['compose', 'version'])
  if (compose.code !== 0) return 'Docker has no `compose`; install its plugin (docker-compose-plugin)'
  for (const image of IMAGES) {
    const inspected = await run('docker', ['image', 'inspect', image])
    if (inspected.code !== 0) return `the image ${image} is not here; docker pull ${image}`
  }
  return undefined
}
