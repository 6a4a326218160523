import { parseArgs } from 'node:util'
import { type ListedBinding, listTokenTeams, releaseToken } from 'ticket-adapters/s3'
import { prepareKeyRing } from 'ticket-core'
import { printTarget } from '../print-target.ts'
import { CliError } from '../cli-error.ts'
import { connect, type System } from '../connect.ts'
import { hintFor, findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import { printableLine } from '../text/printable.ts'
import type { Command, CommandContext } from '../command.ts'

/** How many digits of a digest are shown, and how many name one at least. */
const SHOWN = 12
const FEWEST = 8

/** The bindings of tokens to teams. */
export const tokens: Command = {
  name: 'tokens',
  summary: 'which token of Teams speaks for which team: list, release',
  help: `ticketing tokens list              each token of the secret with its team; a token is shown by its SHA-256
ticketing tokens release <digits>  frees a token: the next team that it signs for gets it
A token belongs to the first team that it signs for, or to the one that the secret names: <team id>=<token>.
Running servers notice a release within five minutes.${TARGET_HELP}`,
  async run(args, context) {
    const { values, positionals } = parseArgs({ args: [...args], options: TARGET_OPTIONS, allowPositionals: true })
    const [action, digits = '', ...more] = positionals
    const isList = action === 'list' && positionals.length === 1
    const isRelease = action === 'release' && more.length === 0
    if (!isList && !isRelease)
      throw new CliError('expected "tokens list" or "tokens release <digits>": see ticketing tokens --help', 2)
    if (isRelease && !new RegExp(`^[0-9a-f]{${FEWEST},64}$`).test(digits))
      throw new CliError(`expected ${FEWEST} or more digits of a token's digest, as "tokens list" shows them`, 2)
    const target = await findTarget(values, context)
    const system = await connect(target, context)
    const listed = await listTokenTeams({ client: system.clients.s3, bucket: system.bucket, clock: context.clock })
    if ('reason' in listed) throw new CliError(`the bindings could not be listed: ${listed.reason}`)
    if (isList) return list(listed, system, context)
    const found = listed.filter(({ digest }) => digest.startsWith(digits))
    const [binding] = found
    if (!binding || found.length > 1)
      throw new CliError(
        `${found.length === 0 ? 'no token is bound' : `${found.length} tokens are bound`} whose digest begins with ${digits}: ${hintFor(values)('tokens list')}`,
      )
    await printTarget(target, context, system.secret.prefix)
    const failure = await releaseToken(
      { client: system.clients.s3, bucket: system.bucket, clock: context.clock },
      binding.digest,
    )
    if (failure !== undefined) throw new CliError(`the token was not released: ${failure}`)
    context.print(`released ${binding.digest.slice(0, SHOWN)}, which belonged to ${ownerOf(binding)}`)
    return 0
  },
}

function list(listed: readonly ListedBinding[], { secret }: System, context: CommandContext): number {
  const ring = prepareKeyRing(secret.teamsTokens)
  const configured = ring.ok ? ring.value.tokens : []
  const inSecret = new Set(configured.map(({ digest }) => digest))
  for (const { digest, team } of configured) {
    const bound = listed.find((one) => one.digest === digest)
    const owner = bound ? ownerOf(bound) : 'no team yet: it will be of the first that it signs for'
    const named = team === undefined ? owner : `team ${printableLine(team)}, by the secret`
    context.print(`${digest.slice(0, SHOWN)}  ${named}`)
  }
  for (const binding of listed)
    if (!inSecret.has(binding.digest))
      context.print(`${binding.digest.slice(0, SHOWN)}  ${ownerOf(binding)}; not in the secret any more`)
  return 0
}

function ownerOf(listed: ListedBinding): string {
  return 'binding' in listed
    ? `team ${printableLine(listed.binding.team)}, since ${new Date(listed.binding.boundAt).toISOString()}`
    : `not to be read: ${printableLine(listed.reason)}`
}
