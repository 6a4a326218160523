import { readQueue } from '@ticketing/stack'
import { createClientsOf, type System } from '../connect.ts'
import { countOf, cutLine, lineWidth, showTime, wrapText } from '../text/layout.ts'
import { asciiJson, printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'
import { type Cause, findCauses, NONE } from './cause.ts'
import type { Hint } from '../target.ts'
import { type DamagedLetter, type LetterSummary, canReturn, printDamage } from './read-letters.ts'

/** Letters of a cause that are shown without `--cause`. */
const SHOWN = 5
/** Causes that are shown. */
const CAUSES = 20
/** Lines of a reason. */
const REASON_LINES = 4

export interface ListOptions {
  readonly cause?: string | undefined
  readonly closed?: boolean | undefined
  readonly json?: boolean | undefined
  readonly hint: Hint
}

/** Prints the waiting letters, one block for each cause. */
export async function listLetters(system: System, context: CommandContext, options: ListOptions): Promise<number> {
  const [{ causes, damaged }, unarchived] = await Promise.all([
    findCauses(system, context, options),
    countUnarchived(system, context),
  ])
  printDamage(damaged, context)
  if (options.json) context.print(asciiJson(describeJson(causes, { damaged, unarchived })))
  else
    for (const line of [
      ...describeList(causes, options, lineWidth(context.columns)),
      ...describeUnarchived(unarchived).flatMap((line) => ['', line]),
    ])
      context.print(line)
  return damaged.length === 0 ? 0 : 1
}

function describeList(causes: readonly Cause[], { cause, closed, hint }: ListOptions, width: number): string[] {
  const letters = causes.flatMap((each) => each.letters)
  if (letters.length === 0) return [NONE[closed ? 'closed' : 'waiting']]
  const notNotified = causes.reduce((sum, each) => sum + each.notNotified, 0)
  const waiting = letters.filter(({ state }) => state === 'waits').length
  const others = letters.length - waiting
  const left = causes.length - CAUSES
  return [
    `${countOf(causes.length, 'cause')}, ${countOf(waiting, 'letter')} waiting${others > 0 ? `, ${others} closed` : ''}`,
    ...(notNotified > 0
      ? [`No admin was notified of ${notNotified} yet; if that stays so, check ADMIN_SLACK_URL in the secret.`]
      : []),
    ...causes
      .slice(0, CAUSES)
      .flatMap((each) => [''].concat(describeCause(each, { all: cause !== undefined, hint }, width))),
    ...(left > 0 ? ['', `… and ${countOf(left, 'cause')} more: ${hint('dead-letters list --json')}`] : []),
  ]
}

function describeCause(
  { name, reason, letters, oldest, newest, notNotified }: Cause,
  { all, hint }: { all: boolean; hint: Hint },
  width: number,
): string[] {
  const wrapped = wrapText(printableLine(reason), width - 2)
  const shown = all ? letters : letters.slice(0, SHOWN)
  const when = oldest === newest ? showTime(oldest) : `${showTime(oldest)} to ${showTime(newest)}`
  const left = letters.length - shown.length
  const [first] = letters
  const waiting = letters.filter(({ state }) => state === 'waits')
  const canGo = waiting.some(canReturn)
  return [
    `${name}  ${countOf(letters.length, 'letter')}, ${when}${notNotified > 0 ? `, ${notNotified} not notified` : ''}`,
    ...wrapped.slice(0, REASON_LINES).map((line) => `  ${line}`),
    ...(wrapped.length > REASON_LINES ? ['  …'] : []),
    ...shown.map((letter) => `  ${describeLetter(letter, width - 2)}`),
    ...(left > 0 ? [`  … and ${left} more: ${hint(`dead-letters list --cause ${name}`)}`] : []),
    ...(canGo
      ? [`  once fixed: ${hint(`dead-letters redrive --cause ${name}`)}`]
      : [`  to see one whole: ${hint(`dead-letters show ${first?.key ?? ''}`)}`]),
    ...(waiting.length > 0 && !canGo
      ? [`  once handled: ${hint(`dead-letters close --cause ${name} --because "…"`)}`]
      : []),
  ]
}

/** Columns of a title at least. */
const TITLE_WIDTH = 12

/** One line. The title is cut to fit. */
function describeLetter(letter: LetterSummary, width: number): string {
  const { key, at, kind, title, priority, life, state, toldAt, mayBeDelivered } = letter
  const notes = [
    NOTES[state],
    state === 'waits' && toldAt === undefined ? 'not notified' : '',
    mayBeDelivered && state !== 'delivered' ? 'maybe delivered' : '',
    life > 0 ? `life ${life}` : '',
    kind === 'collision' ? 'id of another' : '',
  ].filter((note) => note !== '')
  const head = `${key.padEnd(KEY_WIDTH)}  ${showTime(at)}  ${(priority ?? '').padEnd(PRIORITY_WIDTH)}  `
  const tail = notes.length > 0 ? `  [${notes.join(', ')}]` : ''
  const words = title === undefined ? '(no ticket)' : printableLine(title)
  return `${head}${cutLine(words, Math.max(TITLE_WIDTH, width - head.length - tail.length))}${tail}`
}

const NOTES = { waits: '', redriven: 'redriven', delivered: 'delivered after all', closed: 'closed' }

const KEY_WIDTH = 'T-7QK2M-9XD4R'.length
const PRIORITY_WIDTH = 'medium'.length

function describeJson(
  causes: readonly Cause[],
  { damaged, unarchived }: { readonly damaged: readonly DamagedLetter[]; readonly unarchived: Unarchived },
): unknown {
  return {
    letters: causes.reduce((sum, { letters }) => sum + letters.length, 0),
    notNotified: causes.reduce((sum, { notNotified }) => sum + notNotified, 0),
    causes: causes.map(({ name, oldest, newest, letters, ...cause }) => ({
      cause: name,
      ...cause,
      count: letters.length,
      oldest: showTime(oldest),
      newest: showTime(newest),
      letters: letters.map(({ at, toldAt, ...letter }) => ({
        ...letter,
        at: showTime(at),
        ...(toldAt !== undefined && { toldAt: showTime(toldAt) }),
      })),
    })),
    damaged,
    ...(unarchived.kind === 'counted' && { unarchived: unarchived.count }),
  }
}

type Unarchived =
  | { readonly kind: 'counted'; readonly count: number; readonly queue: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Counts the messages in the dead-letter queue, which are not in the archive yet. */
async function countUnarchived({ target, secret }: System, context: CommandContext): Promise<Unarchived> {
  const read = await readQueue(createClientsOf(target, context), { prefix: secret.prefix, lane: 'dead' })
  if (!read.ok) return { kind: 'unknown', reason: `${read.failure.problem} ${read.failure.todo}` }
  if (!read.value) return { kind: 'unknown', reason: `${secret.prefix}-DLQ is not there. Apply the stack again.` }
  const { name, visible, inFlight, delayed } = read.value
  return { kind: 'counted', count: visible + inFlight + delayed, queue: name }
}

/** No line if everything is archived. */
function describeUnarchived(unarchived: Unarchived): string[] {
  if (unarchived.kind === 'unknown') return [`The dead-letter queue could not be looked into: ${unarchived.reason}`]
  const { count, queue } = unarchived
  if (count === 0) return []
  return [
    `About ${countOf(count, 'message')} in ${queue}, not archived or not notified yet; if that stays so, read the log of its function.`,
  ]
}
