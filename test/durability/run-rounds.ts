import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { array, constant, constantFrom, integer, oneof, record, sample, type Arbitrary } from 'fast-check'
import { startCloud, type CloudProcess, type PlantedFault } from './cloud-process.ts'
import { createMessages } from './messages.ts'
import { createObjects } from './objects.ts'
import { createSecrets } from './secrets.ts'
import type { Subject, Tally } from './subject.ts'

export interface RoundsOptions {
  readonly rounds: number
  readonly seed: number
  readonly fault?: PlantedFault
  readonly onRound?: (round: number) => void
}

export interface Figures {
  readonly tallies: readonly Tally[]
  /** Requests that the kill left without an answer. */
  readonly unanswered: number
  /** Kills before the cloud listened again, while it opened its store. */
  readonly killedWhileStarting: number
  /** Each start. */
  readonly starts: readonly Pick<CloudProcess, 'startMs' | 'openMs'>[]
}

const WORKERS = 12
/** Between two rounds: longer than a receive hides a message. */
const ROUND_MS = 120_000

interface Round {
  readonly steps: readonly string[]
  /** The kill comes so many requests after the burst began, and so many milliseconds later. */
  readonly killAt: number
  readonly killBy: 'sent' | 'answered'
  readonly delayMs: number
  /** The restart is killed too, so many milliseconds after it began to open its store. */
  readonly killStartAfterMs: number | undefined
}

/**
 * Each round: a burst of requests against the cloud in a process of its own, `kill -9` at a drawn instant, a restart on
 * the same store, and a comparison of what is there with what was acknowledged.
 */
export async function runRounds(options: RoundsOptions): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), 'durability-'))
  const subjects = [createMessages(), createObjects(), createSecrets()]
  const starts: CloudProcess[] = []
  const counts = { unanswered: 0, killedWhileStarting: 0 }
  let aheadMs = 0
  const start = async (killAfterMs?: number): Promise<CloudProcess> => {
    const cloud = await startCloud({ directory, aheadMs, fault: options.fault, killAfterMs })
    if (!cloud) {
      counts.killedWhileStarting += 1
      return start()
    }
    starts.push(cloud)
    return cloud
  }
  let cloud = await start()
  try {
    for (const subject of subjects) await subject.setUp(cloud.clients)
    for (const [index, round] of drawRounds(subjects, options).entries()) {
      counts.unanswered += await burst(cloud, subjects, round)
      aheadMs += ROUND_MS
      cloud = await start(round.killStartAfterMs)
      await check(subjects, cloud, index === options.rounds - 1 ? 'all' : 'new')
      options.onRound?.(index + 1)
    }
  } finally {
    await cloud.kill()
    await rm(directory, { recursive: true, force: true })
  }
  return { tallies: subjects.flatMap(({ tallies }) => tallies), starts, ...counts }
}

async function check(subjects: readonly Subject[], cloud: CloudProcess, range: 'new' | 'all'): Promise<void> {
  for (const subject of subjects) await subject.check(cloud.clients, range)
}

function drawRounds(subjects: readonly Subject[], { rounds, seed }: RoundsOptions): Round[] {
  const names = subjects.flatMap(({ steps }) => Object.keys(steps))
  const round: Arbitrary<Round> = record({
    steps: array(constantFrom(...names), { minLength: 60, maxLength: 60 }),
    killAt: integer({ min: 1, max: 150 }),
    killBy: constantFrom('sent', 'answered'),
    delayMs: integer({ min: 0, max: 10 }),
    killStartAfterMs: oneof(
      { weight: 4, arbitrary: constant(undefined) },
      { weight: 1, arbitrary: integer({ min: 0, max: 20 }) },
    ),
  })
  return sample(round, { numRuns: rounds, seed })
}

/** Resolves, when the cloud is dead and every request settled, with how many were not answered. */
async function burst(cloud: CloudProcess, subjects: readonly Subject[], round: Round): Promise<number> {
  const steps = Object.fromEntries(subjects.flatMap((subject) => Object.entries(subject.steps)))
  const counts = { sent: 0, answered: 0 }
  let killing: Promise<void> | undefined
  const killWhenDue = (): void => {
    if (counts[round.killBy] >= round.killAt) killing ??= wait(round.delayMs).then(() => cloud.kill())
  }
  let unanswered = 0
  const work = async (worker: number): Promise<void> => {
    for (let turn = worker; ; turn += WORKERS) {
      counts.sent += 1
      killWhenDue()
      try {
        await steps[round.steps[turn % round.steps.length] ?? '']?.(cloud.clients, worker)
      } catch (error) {
        if (!killing) throw error
        unanswered += 1
        return
      }
      counts.answered += 1
      killWhenDue()
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)))
  await killing
  return unanswered
}
