import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from 'ticket-adapters/clock'
import { createSweepCursors } from 'ticket-adapters/s3'
import { readCommit } from '../support/read-commit.ts'
import { startActing } from './act-at-random.ts'
import { checkPromise } from '../promise/check-promise.ts'
import { countFigures } from './count-figures.ts'
import { drain, type Drained } from './drain.ts'
import { killProcess, listProcesses } from './function-hosts.ts'
import { gatherEvidence } from './gather-evidence.ts'
import { startKilling } from './kill-at-random.ts'
import { LATEST_EFFECT_MS, startFaults } from './inject-faults.ts'
import type { SoakOptions } from './options.ts'
import { createRandom } from './random.ts'
import { countTrouble } from './read-logs.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { describeMachine, type Report } from './report.ts'
import { startLoad } from './send-load.ts'
import type { SentMessage } from './sent-message.ts'
import { startOperator } from './redrive-now-and-then.ts'
import { startSystem, type SoakSystem } from './start-system.ts'
import { formatTimelines } from './ticket-timelines.ts'

const SAY_EVERY_SECONDS = 30
const SWEPT_WITHIN_MS = 600_000
/** Timelines that are printed; the logs hold them all. */
const MOST_TIMELINES = 5

/** Runs it all below `folder`. Whatever it rejects with, no process stays behind. */
export async function runSoak(
  folder: string,
  options: SoakOptions,
  say: (line: string) => void,
): Promise<{ report: Report; timelines: string }> {
  const { seed } = options
  const startedAt = new Date()
  const commit = readCommit()
  const recorder = createRecorder(join(folder, 'outside.log'))
  const system = await startSystem(folder, seed, recorder)
  try {
    say('cloud, two servers and functions are up')
    const chance = (name: string): ReturnType<typeof createRandom> => createRandom(seed, name)
    const load = startLoad(system, chance('load'), options.rate)
    const killing = startKilling(system, { random: chance('kills'), recorder }, options.killEvery)
    const acting = startActing(system, { sent: load.sent, random: chance('acts'), rate: options.acts })
    const faults = startFaults(system.vendors, chance('faults'), options.faultEvery)
    const operator = startOperator(
      { ...system, logFile: join(folder, 'operator.log') },
      { random: chance('operator'), recorder },
    )
    const killed = (): number => [...killing.counts.values()].reduce((total, each) => total + each, 0)
    for (let left = options.seconds; left > 0; left -= SAY_EVERY_SECONDS) {
      await sleep(1000 * Math.min(left, SAY_EVERY_SECONDS))
      const passed = options.seconds - Math.max(0, left - SAY_EVERY_SECONDS)
      say(`  ${passed} s: ${load.sent.length} sent, ${acting.count()} done to them, ${killed()} killed`)
    }
    await Promise.all([killing.stop(), faults.stop(), operator.stop()])
    await Promise.all([load.stop(), acting.stop()])
    await system.untilUp()
    say('nothing is sent, killed or broken any more; it comes to rest')
    const drained = await untilOver(system, { recorder, limitSeconds: options.drainSeconds, say })
    const evidence = await gatherEvidence(system, recorder, { sent: load.sent, isQuiet: drained.isQuiet })
    const breaches = checkPromise(evidence)
    const ownEnds = Object.fromEntries([system.cloud, ...system.servers].map((each) => [each.name, each.ownEnds]))
    await system.end()
    await recorder.close()
    const report: Report = {
      command: `pnpm soak ${process.argv.slice(2).join(' ')}`.trim(),
      startedAt: startedAt.toISOString(),
      commit,
      seed,
      options,
      machine: describeMachine(),
      secondsToRest: drained.seconds,
      isQuiet: drained.isQuiet,
      figures: countFigures(evidence, { breaches, acts: acting.count() }),
      answers: countAnswers(load.sent),
      kills: Object.fromEntries(killing.counts),
      redrives: operator.counts,
      faults: Object.fromEntries(recorder.faults),
      ownEnds,
      leftBehind: await countLeft(folder),
      trouble: await countTrouble(folder),
      breaches,
    }
    return { report, timelines: await formatTimelines(folder, breaches.slice(0, MOST_TIMELINES), evidence) }
  } finally {
    await system.end()
  }
}

function countAnswers(sent: readonly SentMessage[]): Report['answers'] {
  const all = sent.flatMap(({ answers }) => answers)
  return Object.fromEntries([...new Set(all)].map((one) => [one, all.filter((other) => other === one).length]))
}

/** A server has read everything that people did on the board until then: what no callback said by then. */
async function untilSwept({ clients, bucket }: SoakSystem, then: number): Promise<void> {
  const cursors = createSweepCursors({ client: clients.s3, bucket, clock: systemClock })
  const giveUpAt = Date.now() + SWEPT_WITHIN_MS
  for (;;) {
    const stored = await cursors.read('trello')
    if (stored.kind === 'found' && stored.item.until >= then) return
    if (Date.now() > giveUpAt) throw new Error(`the board was not swept within ${SWEPT_WITHIN_MS / 1000} s`)
    await sleep(1000)
  }
}

/** Empty queues, and no effect at a vendor still to come. */
async function untilOver(
  system: SoakSystem,
  { recorder, limitSeconds, say }: { recorder: Recorder; limitSeconds: number; say: (line: string) => void },
): Promise<Drained> {
  await untilSwept(system, Date.now())
  const drained = await drain(system, limitSeconds, say)
  const last = Math.max(0, ...[...recorder.lateEffects.values()].flat())
  await sleep(Math.max(0, last + LATEST_EFFECT_MS + 1000 - Date.now()))
  return drained
}

/** What still runs although its parents are gone is ended, and counted as a fault. */
async function countLeft(folder: string): Promise<number> {
  for (let look = 0; look < 50; look += 1) {
    if ((await listProcesses(folder)).length === 0) return 0
    await sleep(100)
  }
  const left = await listProcesses(folder)
  for (const { pid } of left) killProcess(pid)
  return left.length
}
