import {
  type Caller,
  readCaller,
  readIntakeUrl,
  readSecret,
  readStack,
  type StackClients,
  type StackStatus,
} from '@ticketing/stack'
import { intakeSecretId, type AppSecret } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import { connect, createClientsOf, secretIdOf, type System } from '../connect.ts'
import { loadFunctions } from '../load.ts'
import { findPublicAddress } from '../public-address.ts'
import { readIntake } from '../stack/intake.ts'
import { findStack, type StackTarget } from '../stack-target.ts'
import type { Hint, Target } from '../target.ts'
import { trelloAddress } from '../vendor-checks.ts'
import { Unavailable } from './check.ts'

/** What the checks look at. Each fact is found once, when the first check asks for it; `Unavailable` says that it is not there. */
export interface Facts {
  readonly target: Target
  readonly context: CommandContext
  readonly hint: Hint
  readonly secretId: string
  /** Whether simulators may stand in for the vendors. */
  readonly allowHttp: boolean
  readonly trello: { readonly baseUrl?: string }
  readonly clients: StackClients
  readonly region: () => Promise<string>
  readonly caller: () => Promise<Caller>
  /** Both secrets as they are; a secret that does not exist is absent. */
  readonly secrets: () => Promise<RawSecrets>
  /** The whole secret, right in every key. */
  readonly system: () => Promise<System>
  readonly secret: () => Promise<AppSecret>
  readonly stackTarget: () => Promise<StackTarget>
  readonly stack: () => Promise<StackStatus>
  /** Where the server is reached. */
  readonly address: () => Promise<string>
}

interface RawSecrets {
  readonly app?: Readonly<Record<string, unknown>> | undefined
  readonly intake?: Readonly<Record<string, unknown>> | undefined
}

export interface FactOptions {
  readonly target: Target
  readonly context: CommandContext
  readonly hint: Hint
  readonly publicUrl: string | undefined
}

export function createFacts({ target, context, hint, publicUrl }: FactOptions): Facts {
  const secretId = secretIdOf(target, context)
  const clients = createClientsOf(target, context)
  // What the other commands print for people is said by the checks.
  const quiet: CommandContext = { ...context, print: () => {}, printError: () => {}, progress: () => {} }
  const region = once(async () => target.region ?? (await clients.sqs.config.region()))
  const caller = once(async () => {
    const read = await readCaller(clients)
    if (read.ok) return read.value
    throw new Unavailable('needs credentials that AWS takes')
  })
  const secrets = once(async (): Promise<RawSecrets> => {
    await caller()
    const [app, intake] = await Promise.all(
      [secretId, intakeSecretId(secretId)].map(async (id) => {
        const read = await readSecret(clients, id)
        if (read.ok) return read.value
        throw new Unavailable(`needs the secret ${id}, which cannot be read`)
      }),
    )
    return { app, intake }
  })
  const system = once(async () => {
    await caller()
    return unlessUserError(() => connect(target, quiet), 'needs a secret that is right in every key')
  })
  // Where line 1 is a function, AWS knows its address.
  const functionUrl = once(async () => {
    const { secret } = await system()
    const read = await readIntakeUrl(clients, secret.prefix)
    return read.ok ? read.value : undefined
  })
  const stackTarget = once(async () => {
    await system()
    const bundles = await unlessUserError(loadFunctions, 'needs the functions: npx -y pnpm@12 bundle')
    const said = readIntake({}, context)
    const intake =
      said.isSaid || (await functionUrl()) === undefined ? said : ({ kind: 'lambda', isSaid: false } as const)
    return unlessUserError(() => findStack(target, quiet, { bundles, intake }), 'needs the secret and its account')
  })
  const stack = once(async () => {
    const { secret } = await system()
    const read = await readStack(clients, secret)
    if (read.ok) return read.value
    throw new Unavailable(`needs the resources, which cannot be read: ${read.failure.problem}`)
  })
  const address = once(async () => {
    const found = await unlessUserError(
      () => findPublicAddress(publicUrl, target, context),
      'needs an address that is right: --public-url',
    )
    const known = found ?? (await functionUrl())
    if (known !== undefined) return known
    throw new Unavailable('needs the address of the server: --public-url URL, or TICKETING_PUBLIC_URL')
  })
  return {
    target,
    context,
    hint,
    secretId,
    allowHttp: target.endpoint !== undefined,
    trello: trelloAddress(target, context),
    clients,
    region,
    caller,
    secrets,
    system,
    secret: async () => (await system()).secret,
    stackTarget,
    stack,
    address,
  }
}

/** A mistake of the user is said by the check of that thing. */
async function unlessUserError<Value>(find: () => Promise<Value>, needs: string): Promise<Value> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof CliError) throw new Unavailable(needs)
    throw error
  }
}

function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined
  return () => (found ??= find())
}
