import { cpus, totalmem } from 'node:os'
import type { Breach } from '../promise/breach.ts'
import type { Figures } from './count-figures.ts'
import type { SoakOptions } from './options.ts'

/** The results of a run; what `--json` writes. */
export interface Report {
  readonly command: string
  readonly startedAt: string
  /** What was tried. */
  readonly commit: string
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
  /** Processes that ended without being killed. */
  readonly ownEnds: Readonly<Record<string, readonly string[]>>
  /** Processes that outlived the run. */
  readonly leftBehind: number
  /** What the logs hold of errors. */
  readonly trouble: Readonly<Record<string, number>>
  readonly breaches: readonly Breach[]
}

/** Whether all is as promised. */
export function isGood({ breaches, isQuiet, leftBehind }: Report): boolean {
  return breaches.length === 0 && isQuiet && leftBehind === 0
}

export function describeMachine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim() ?? 'CPU'}, ${memory} GiB, Node ${process.version.slice(1)}, ${process.platform}`
}

/** The summary for people. */
export function renderReport(report: Report): string {
  const { kills, faults, breaches } = report
  const others = [...Map.groupBy(breaches, ({ kind }) => kind)].filter(([kind]) => !COUNTED.has(kind))
  return [
    '',
    ...rowsOf(report).map(({ name, count, note }) => `  ${name.padEnd(26)}${show(count).padStart(8)}   ${note}`),
    ...others.map(([kind, some]) => `  ${kind.padEnd(26)}${show(some.length).padStart(8)}   must be 0`),
    '',
    `  answers to ${sum(report.answers)} posts: ${listCounts(report.answers)}`,
    `  killed ${sum(kills)} times: ${listCounts(kills)}`,
    `  vendors failed ${sum(faults)} times: ${listCounts(faults)}`,
    `  idle after ${report.secondsToRest} s${report.isQuiet ? '' : ': NOT idle, messages are left in the queues'}`,
    ...(report.leftBehind > 0 ? [`  ${report.leftBehind} processes outlived the run`] : []),
    `  seed ${report.seed}; ${report.machine}`,
    '',
  ].join('\n')
}

/** Breaches that have a row of their own. */
const COUNTED: ReadonlySet<string> = new Set(['lost', 'repeat-not-marked'])

/** The table of `docs/promise.md`, with what it was measured on. */
export function renderTable(report: Report): string {
  const { options, startedAt, seed, machine, commit, breaches } = report
  const rows = rowsOf(report).map(({ name, count, note, mustBe }) => {
    const isBold = mustBe !== undefined
    return isBold ? `| **${name}** | **${show(count)}** | ${note} |` : `| ${name} | ${show(count)} | ${note} |`
  })
  const verdict = breaches.length === 0 ? 'Nothing was broken' : `**${breaches.length} promises were broken**`
  return [
    `${verdict} in ${options.seconds} s of sending and killing on ${startedAt.slice(0, 10)}, seed ${seed} (it draws messages, kills and faults again, not the instants at which processes meet them), commit ${commit}, on ${machine}:`,
    '',
    '| figure | count | what it is |',
    '| --- | ---: | --- |',
    ...rows,
    '',
  ].join('\n')
}

interface Row {
  readonly name: string
  readonly count: number
  readonly note: string
  readonly mustBe?: 0
}

function rowsOf({ figures: f, answers, kills, faults, redrives, secondsToRest }: Report): readonly Row[] {
  return [
    { name: 'sent', count: f.sent, note: `messages, malformed ones included, in ${show(sum(answers))} posts` },
    { name: 'acknowledged', count: f.acknowledged, note: 'their sender saw the id' },
    {
      name: 'may arrive',
      count: f.mayArrive,
      note: `no answer, or "may or may not arrive"; ${show(f.arrivedUnacknowledged)} of them did`,
    },
    { name: 'refused', count: f.refused, note: '"was not accepted, please send again": none of them arrived' },
    { name: 'malformed', count: f.malformed, note: 'answered with what is wrong' },
    { name: 'delivered', count: f.delivered, note: 'acknowledged, and at their vendor, with the whole text' },
    { name: 'lost', count: f.lost, note: 'must be 0', mustBe: 0 },
    { name: 'repeated, without a mark', count: f.doubledUnmarked, note: 'must be 0', mustBe: 0 },
    { name: 'repeated, with a mark', count: f.doubledMarked, note: 'in Slack; each says that it may be a repeat' },
    {
      name: 'repeated, late',
      count: f.doubledLate,
      note: 'a card that appeared only after the look that missed it',
    },
    { name: 'dead at the end', count: f.dead, note: 'archived with the reason, an admin notified' },
    { name: 'redriven and delivered', count: f.revived, note: 'were dead, and are at their vendor' },
    { name: 'done by people', count: f.acts, note: 'in Teams, on cards and by buttons in Slack' },
    { name: 'confirmed', count: f.confirmed, note: 'changes that their sender saw confirmed' },
    { name: 'declined', count: f.declined, note: 'said to be not done, or tried by another team' },
    { name: 'events', count: f.events, note: 'in the cases at the end' },
    {
      name: 'notes',
      count: f.notes,
      note: `on cards and in Slack; ${show(f.notesMarked)} marked as a possible repeat`,
    },
    { name: 'moved', count: f.moved, note: 'tickets whose new priority took them to another place' },
    { name: 'killed', count: sum(kills), note: listCounts(kills) },
    { name: 'vendor faults', count: sum(faults), note: `of ${Object.keys(faults).length} kinds and places` },
    { name: 'redrives', count: redrives.redrives, note: `${redrives.killed} of them killed` },
    { name: 'seconds to rest', count: secondsToRest, note: 'until no queue held anything, and every record was final' },
  ]
}

function show(count: number): string {
  return count.toLocaleString('en-US')
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
