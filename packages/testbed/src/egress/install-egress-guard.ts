import { mkdtempSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EgressAttempt, EgressRefused, type Refuse } from './egress-refused.ts'
import { openReport } from './egress-report.ts'
import { findCaller, rememberCaller } from './find-caller.ts'
import { guardDatagrams } from './guard-datagrams.ts'
import { guardNames } from './guard-names.ts'
import { guardSockets } from './guard-sockets.ts'
import { isNamed } from './local-hosts.ts'

export interface EgressGuardOptions {
  /** Hosts that may be reached although they are not this machine, such as `host.docker.internal` or `*.amazonaws.com`. @default none */
  readonly allow?: readonly string[]
  /** A file that holds the attempts of several processes. @default a temporary one of this process */
  readonly reportPath?: string
  /** The name of this process in the report. */
  readonly processName?: string
}

/** Keeps this process, and Node processes with its {@link nodeOptions}, from reaching any other machine. */
export interface EgressGuard {
  /** Attempts since the last call, here and in guarded child processes. */
  take(): readonly EgressAttempt[]
  /** Options for `node` that put a child process under the same guard. */
  readonly nodeOptions: readonly string[]
  /** Adds an attempt that was refused before it reached a socket. */
  record(attempt: Pick<EgressAttempt, 'origin' | 'caller'>): void
}

// A process may load this module twice (a bundled copy, a preload). It patches the sockets once.
const KEY = Symbol.for('@ticketing/testbed/egress-guard')

/** The guard of this process, if one is installed. */
export function installedEgressGuard(): EgressGuard | undefined {
  const guard: unknown = Reflect.get(globalThis, KEY)
  return isGuard(guard) ? guard : undefined
}

/**
 * Refuses every connection, datagram and name look-up that would leave the machine, with an {@link EgressRefused}. Records
 * it too, so that code which swallows errors is found. Loopback, pipes and Unix sockets pass. Stays for the life of the
 * process; a second call returns the same guard.
 */
export function installEgressGuard(options: EgressGuardOptions = {}): EgressGuard {
  const installed = installedEgressGuard()
  if (installed) return installed
  const { allow = [], reportPath = temporaryReport(), processName } = options
  const report = openReport(reportPath)
  const record: EgressGuard['record'] = (attempt) =>
    report.add({ ...attempt, ...(processName !== undefined && { process: processName }) })
  const refuse: Refuse = {
    isAllowed: (host) => isNamed(host, allow),
    because(origin) {
      const attempt = { origin, caller: findCaller() }
      record(attempt)
      return new EgressRefused(attempt, ['this machine', ...allow])
    },
  }
  guardSockets(refuse)
  guardNames(refuse)
  guardDatagrams(refuse)
  rememberFetchCallers()
  syncBuiltinESMExports()
  const guard: EgressGuard = {
    record,
    take: () => report.take(),
    nodeOptions: [`--import=${preloadUrl(reportPath, allow)}`],
  }
  Reflect.set(globalThis, KEY, guard)
  return guard
}

/** The refusal of a client that only reaches simulators. Recorded if a guard is installed. */
export function refuseEgress(
  origin: string,
  { allowed, by }: { allowed: readonly string[]; by: Function },
): EgressRefused {
  const attempt = { origin, caller: findCaller(by) }
  installedEgressGuard()?.record(attempt)
  return new EgressRefused(attempt, allowed)
}

function isGuard(value: unknown): value is EgressGuard {
  return typeof value === 'object' && value !== null && 'take' in value && 'record' in value && 'nodeOptions' in value
}

function temporaryReport(): string {
  const folder = mkdtempSync(join(tmpdir(), 'egress-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'refused.jsonl')
}

function preloadUrl(reportPath: string, allow: readonly string[]): string {
  const url = new URL(import.meta.url.endsWith('.ts') ? './preload.ts' : './preload.js', import.meta.url)
  url.searchParams.set('report', reportPath)
  for (const host of allow) url.searchParams.append('allow', host)
  return url.href
}

/** The stack ends between `fetch` and its socket. */
function rememberFetchCallers(): void {
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => rememberCaller(() => fetch(input, init))
}
