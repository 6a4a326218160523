import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { COMPILED } from '../support/compiled.ts'

const SERVE = fileURLToPath(new URL('./serve-cloud.ts', import.meta.url))

/** What a cloud with a fault in it does wrong: the rounds must find it. */
export type PlantedFault = 'forgets' | 'repeats'

export interface Clients {
  readonly sqs: SQSClient
  readonly s3: S3Client
  readonly secrets: SecretsManagerClient
}

/** The cloud in a process of its own. */
export interface CloudProcess {
  readonly clients: Clients
  /** From the start of the process to the moment it listens, and from the moment it opens its store. */
  readonly startMs: number
  readonly openMs: number
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

export interface CloudProcessOptions {
  readonly directory: string
  /** How far its clock is put forward: what a receive has hidden shows again. */
  readonly aheadMs: number
  readonly fault?: PlantedFault | undefined
  /** Kills it so long after it began to open its store: resolves with nothing, should it not have listened by then. */
  readonly killAfterMs?: number | undefined
}

export async function startCloud(options: CloudProcessOptions): Promise<CloudProcess | undefined> {
  const { directory, aheadMs, fault = '', killAfterMs } = options
  const begin = performance.now()
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILED }
  const child = fork(SERVE, [directory, String(aheadMs), fault], { execArgv: ['--conditions=source'], env })
  const gone = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
  }
  let opening = begin
  const listening = new Promise<string | undefined>((resolve) => {
    child.on('message', (said) => {
      if (said !== 'opening') return resolve(typeof said === 'string' ? said : undefined)
      opening = performance.now()
      if (killAfterMs !== undefined) setTimeout(() => void kill(), killAfterMs)
    })
    void gone.then(() => resolve(undefined))
  })
  const url = await listening
  if (killAfterMs !== undefined) await kill()
  if (killAfterMs !== undefined || url === undefined) return undefined
  const listened = performance.now()
  const clients = makeClients(url)
  return {
    clients,
    startMs: listened - begin,
    openMs: listened - opening,
    async kill() {
      await kill()
      for (const client of Object.values(clients)) client.destroy()
    },
  }
}

/** One attempt each: what was not answered must not be sent again behind our back. */
function makeClients(endpoint: string): Clients {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const options = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
  return {
    sqs: new SQSClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    secrets: new SecretsManagerClient(options),
  }
}
