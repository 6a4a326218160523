import { cpus, totalmem } from 'node:os'
import type { Figures, Finding } from './judge.ts'
import { WRONG } from './judge.ts'
import type { SoakOptions } from './options.ts'

/** Everything that a run tells; what `--json` writes. */
export interface Report {
  readonly command: string
  readonly startedAt: string
  readonly seed: number
  readonly options: SoakOptions
  readonly machine: string
  readonly secondsToRest: number
  readonly isQuiet: boolean
  readonly figures: Figures
  /** What senders saw, by post: a message may be posted up to three times. */
  readonly answers: Readonly<Record<string, number>>
  /** `kill -9`, by what was killed. */
  readonly kills: Readonly<Record<string, number>>
  /** How often an operator redrove all dead letters, and was killed at it. */
  readonly redrives: { readonly redrives: number; readonly killed: number }
  /** How often a fault met a call, by place and name. */
  readonly faults: Readonly<Record<string, number>>
  /** Processes that ended although nobody killed them. */
  readonly ownEnds: Readonly<Record<string, readonly string[]>>
  /** Processes that outlived the run. */
  readonly leftBehind: number
  /** What the logs hold of errors. */
  readonly trouble: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
}

/** The findings that fail a run. */
export function wrongOf(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ kind }) => WRONG.some((wrong) => wrong === kind))
}

/** Whether all is as promised. */
export function isGood({ findings, isQuiet, leftBehind }: Report): boolean {
  return wrongOf(findings).length === 0 && isQuiet && leftBehind === 0
}

export function describeMachine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim() ?? 'CPU'}, ${memory} GiB, Node ${process.version.slice(1)}, ${process.platform}`
}

/** The summary for people. */
export function renderReport(report: Report): string {
  const { figures: f, kills, faults, findings } = report
  const rows: readonly (readonly [string, number, string])[] = [
    ['sent', f.sent, 'messages, malformed ones included'],
    ['acknowledged', f.acknowledged, 'their sender saw the id'],
    ['may arrive', f.mayArrive, `no answer, or "may or may not arrive"; ${f.arrivedUnacknowledged} of them did`],
    ['refused', f.refused, '"was not accepted, please send again"'],
    ['malformed', f.malformed, 'answered with what is wrong'],
    ['delivered', f.delivered, 'acknowledged, and at their vendor'],
    ['dead', f.dead, 'archived with the reason, an admin told'],
    ['revived', f.revived, 'were dead, were redriven, and are at their vendor'],
    ['doubled, marked', f.doubledMarked, 'Slack says that it may be a repeat'],
    ['doubled, late', f.doubledLate, 'the first card appeared only after the look that missed it'],
    ['doubled, unmarked', f.doubledUnmarked, 'must be 0'],
    ['lost', f.lost, 'must be 0'],
  ]
  const others = WRONG.filter((kind) => kind !== 'lost' && kind !== 'doubled-unmarked')
    .map((kind) => [kind, findings.filter((each) => each.kind === kind).length] as const)
    .filter(([, count]) => count > 0)
  return [
    '',
    ...rows.map(([name, count, note]) => `  ${name.padEnd(18)}${String(count).padStart(8)}   ${note}`),
    ...others.map(([kind, count]) => `  ${kind.padEnd(18)}${String(count).padStart(8)}   must be 0`),
    '',
    `  answers to ${sum(report.answers)} posts: ${listCounts(report.answers)}`,
    `  killed ${sum(kills)} times: ${listCounts(kills)}`,
    `  vendors failed ${sum(faults)} times: ${listCounts(faults)}`,
    `  dead letters redriven ${report.redrives.redrives} times, ${report.redrives.killed} of them killed`,
    `  at rest after ${report.secondsToRest} s${report.isQuiet ? '' : ': NOT at rest, messages are left in the queues'}`,
    ...(report.leftBehind > 0 ? [`  ${report.leftBehind} processes outlived the run`] : []),
    `  seed ${report.seed}; ${report.machine}`,
    '',
  ].join('\n')
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, each) => total + each, 0)
}

function listCounts(counts: Readonly<Record<string, number>>): string {
  return (
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'nothing'
  )
}
