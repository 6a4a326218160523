import { LocalstackContainer, type StartedLocalStackContainer } from '@testcontainers/localstack'
import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { localstackImage } from './localstack-image.ts'

/** The name by which containers reach this machine. */
export const HOST_NAME = 'host.docker.internal'
/** Milliseconds: it ends the containers of functions before itself. */
const STOP_TIMEOUT = 20_000

/** What this machine lacks to start LocalStack, and what to do about it, in a line; undefined: nothing. */
export async function findMissingForLocalstack(): Promise<string | undefined> {
  const image = localstackImage()
  try {
    const client = await getContainerRuntimeClient()
    if (await client.image.exists(ImageName.fromString(image))) return undefined
  } catch {
    return 'no container runtime answers; start Docker or Podman, or name it by DOCKER_HOST'
  }
  return `the image ${image} is not here; docker pull ${image}`
}

/** LocalStack in a container, with what its functions need to run and to reach this machine. */
export async function startLocalstack(): Promise<StartedLocalStackContainer> {
  const { info } = await getContainerRuntimeClient()
  const token = process.env['LOCALSTACK_AUTH_TOKEN']
  const addHost = `--add-host=${HOST_NAME}:host-gateway`
  return new LocalstackContainer(localstackImage())
    .withEnvironment({
      SERVICES: 'sqs,s3,lambda,secretsmanager,iam,sts,logs',
      // Queue URLs name the host by which the caller came.
      SQS_ENDPOINT_STRATEGY: 'dynamic',
      // The functions are for arm64 and have no native part: they run on what this machine is.
      LAMBDA_IGNORE_ARCHITECTURE: '1',
      LAMBDA_DOCKER_FLAGS: addHost,
      // An idle event source mapping looks again after a second, not after up to ten.
      LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '1',
      ...(token && { LOCALSTACK_AUTH_TOKEN: token }),
    })
    .withExtraHosts([{ host: HOST_NAME, ipAddress: 'host-gateway' }])
    .withBindMounts([{ source: info.containerRuntime.remoteSocketPath, target: '/var/run/docker.sock' }])
    .start()
}

/** Stops it in order, so that the containers of its functions end, too. */
export async function stopLocalstack(container: StartedLocalStackContainer): Promise<void> {
  await container.stop({ timeout: STOP_TIMEOUT })
}
