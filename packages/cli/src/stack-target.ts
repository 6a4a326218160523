import { describeStack, ensureSecret } from '@ticketing/stack'
import type { DesiredStack, StackClients } from '@ticketing/stack'
import type { Bundles } from '@ticketing/lambdas'
import type { AppSecret } from 'ticket-core'
import { announce, stackError } from './announce.ts'
import { connect, secretIdOf } from './connect.ts'
import type { Target } from './target.ts'
import type { World } from './world.ts'

/** What `up` and `down` work on. */
export interface StackTarget {
  readonly clients: StackClients
  readonly secret: AppSecret
  readonly desired: DesiredStack
}

/** Finds account, region and prefix, says them, and works out what should exist there. */
export async function findStack(target: Target, world: World, bundles: Bundles): Promise<StackTarget> {
  const { secret } = await connect(target, world)
  const { clients, accountId, region } = await announce(target, world, secret.prefix)
  const secretId = secretIdOf(target, world)
  // It is there, it was just read; this changes nothing and tells its ARN, which the functions' roles name.
  const ensured = await ensureSecret(clients, { secretId, values: {} })
  if (!ensured.ok) throw stackError([ensured.failure])
  const desired = describeStack({
    prefix: secret.prefix,
    region,
    accountId,
    secretId,
    secretArn: ensured.value.arn,
    functions: functionsOf(bundles),
    settings: functionSettings(target, world),
  })
  return { clients, secret, desired }
}

/** The functions' code as the stack takes it. */
function functionsOf({ low, medium, high, dead }: Bundles): Parameters<typeof describeStack>[0]['functions'] {
  const handler = 'index.handler'
  return {
    low: { zip: low, handler },
    medium: { zip: medium, handler },
    high: { zip: high, handler },
    dead: { zip: dead, handler },
  }
}

/** Settings that are handed on to the functions; only those that somebody set. */
function functionSettings({ running }: Target, { env }: World): Record<string, string> {
  const trello = running?.trello ?? env['TICKETING_TRELLO_URL']
  const given: Record<string, string | undefined> = {
    TICKETING_TRELLO_URL: trello,
    TICKETING_GIVE_UP_AFTER: env['TICKETING_GIVE_UP_AFTER'],
    TICKETING_LOG_LEVEL: env['TICKETING_LOG_LEVEL'],
  }
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1])))
}
