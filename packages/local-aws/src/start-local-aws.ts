import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalAws, type LocalAws, type LocalAwsOptions } from './create-local-aws.ts'
import { createProcessExecutor } from './executors/process.ts'
import { listen, type ListenFailure, type ListenOptions } from './listen.ts'
import { openStore } from './store.ts'
import { systemClock } from './system-clock.ts'

export interface StartOptions
  extends Omit<LocalAwsOptions, 'store' | 'endpoint'>, Pick<ListenOptions, 'host' | 'port' | 'hostNames'> {
  /** The folder of the store and of unpacked functions. @default in memory, and a temporary folder */
  readonly folder?: string | undefined
}

/** An AWS that listens. */
export interface ListeningAws extends LocalAws {
  /** Address without a trailing slash, for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string
}

/** The requested address cannot be used. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed'
  readonly failure: ListenFailure

  constructor(failure: ListenFailure) {
    super(`The embedded cloud cannot listen on port ${failure.port} of ${failure.host}: ${failure.code}.`)
    this.failure = failure
  }
}

/**
 * Starts an AWS on a port of this machine, with functions in processes of their own. Rejects with {@link ListenFailed}, and
 * with `StoreUnusable` for a folder whose store is damaged.
 */
export async function startLocalAws(options: StartOptions = {}): Promise<ListeningAws> {
  const { folder, clock = systemClock, host, port, hostNames, ...rest } = options
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  const store = openStore(folder === undefined ? ':memory:' : join(folder, 'cloud.sqlite'))
  const code = codeFolder(folder)
  let endpoint = ''
  const aws = createLocalAws({
    makeExecutor: (access) => createProcessExecutor({ clock, directory: code.path, ...access }),
    ...rest,
    clock,
    store,
    endpoint: () => endpoint,
  })
  const end = async (): Promise<void> => {
    await aws.close()
    if (store.isOpen) store.close()
    code.remove()
  }
  const address = { ...(host !== undefined && { host }), ...(port !== undefined && { port }) }
  const listening = await listen({ cloud: aws.cloud, ...address, ...(hostNames && { hostNames }) })
  if (!listening.ok) {
    await end()
    throw new ListenFailed(listening.failure)
  }
  endpoint = listening.listener.url
  aws.start()
  const close = async (): Promise<void> => {
    await aws.close()
    await listening.listener.close()
    await end()
  }
  return { ...aws, endpoint, close, [Symbol.asyncDispose]: close }
}

function codeFolder(folder: string | undefined): { readonly path: string; remove(): void } {
  if (folder !== undefined) return { path: join(folder, 'functions'), remove: () => undefined }
  const path = mkdtempSync(join(tmpdir(), 'local-aws-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
