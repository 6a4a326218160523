import type { Clock, Log, TokenName, TokenTeams } from 'ticket-core'
import { within } from './within.ts'

/** Whether a token may sign for a team. `another-team` names both teams, for the operator's log. */
export type TeamCheck =
  | { readonly kind: 'may-sign' }
  | { readonly kind: 'another-team'; readonly token: string; readonly owner: string; readonly team: string }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The token that signed, the team it signed for, and the deadline of the answer. */
export interface SignedFor {
  readonly token: TokenName
  /** Absent when the message names no team: then it binds nothing. */
  readonly team: string | undefined
  readonly deadline: number
}

/** A binding is read again after this time, to notice that an operator released it. Milliseconds. */
const FRESH = 300_000
/** The same for a team other than the one in memory: a release takes effect soon, and wrong requests cost few reads. */
const FRESH_FOR_ANOTHER = 10_000

interface Owner {
  readonly team: string
  /** When S3 was last asked, with any result. */
  askedAt: number
}

/** Digits of a token's digest that people are shown. */
const SHOWN = 12

/**
 * Binds each token to the first team that it signs for, or to the team that the secret names. Known bindings stay in
 * memory: when S3 is down, only tokens that this process has not seen yet are refused.
 */
export function createTeamCheck({
  tokenTeams,
  clock,
  log,
}: {
  readonly tokenTeams: TokenTeams
  readonly clock: Clock
  readonly log: Log
}): (signed: SignedFor) => Promise<TeamCheck> {
  const owners = new Map<string, Owner>()
  const flights = new Map<string, Promise<{ team: string } | { reason: string }>>()

  async function readOwner(digest: string, team: string): Promise<{ team: string } | { reason: string }> {
    const boundAt = clock.now()
    const found = await tokenTeams.read(digest)
    if (found.kind === 'found') return { team: found.item.team }
    if (found.kind === 'unavailable') return { reason: found.reason }
    const written = await tokenTeams.write(digest, { v: 1, token: digest, team, boundAt, nonce: team }, 'absent')
    if (written.kind === 'unavailable') return { reason: written.reason }
    if (written.kind === 'written') {
      log.write('info', 'token.bound', { token: digest.slice(0, SHOWN), team })
      return { team }
    }
    const first = await tokenTeams.read(digest)
    return first.kind === 'found' ? { team: first.item.team } : { reason: 'Two teams claimed the token at once.' }
  }

  /** Concurrent messages of one team share one read. */
  function ask(digest: string, team: string): Promise<{ team: string } | { reason: string }> {
    const key = `${digest} ${team}`
    const flight = flights.get(key) ?? askOnce(digest, team).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }

  async function askOnce(digest: string, team: string): Promise<{ team: string } | { reason: string }> {
    const known = owners.get(digest)
    if (known) known.askedAt = clock.monotonic()
    const read = await readOwner(digest, team)
    if ('team' in read) owners.set(digest, { team: read.team, askedAt: clock.monotonic() })
    else log.write('error', 'token.team-unknown', { token: digest.slice(0, SHOWN), reason: read.reason })
    return read
  }

  return async ({ token: { digest, team: named }, team, deadline }) => {
    if (team === undefined) return { kind: 'may-sign' }
    const compare = (owner: string): TeamCheck =>
      owner === team ? { kind: 'may-sign' } : { kind: 'another-team', token: digest.slice(0, SHOWN), owner, team }
    if (named !== undefined) return compare(named)
    const known = owners.get(digest)
    const age = known ? clock.monotonic() - known.askedAt : 0
    if (known?.team === team) {
      // Not awaited: an S3 that hangs must not delay every ticket.
      if (age >= FRESH) void ask(digest, team)
      return { kind: 'may-sign' }
    }
    if (known && age < FRESH_FOR_ANOTHER) return compare(known.team)
    const late = { reason: 'S3 did not answer in time.' }
    const read = await within(ask(digest, team), { clock, deadline, late })
    if ('team' in read) return compare(read.team)
    return known ? compare(known.team) : { kind: 'unavailable', reason: read.reason }
  }
}
