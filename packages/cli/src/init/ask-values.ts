import type { Prompt, Question } from '../text/prompt.ts'
import { CliError } from '../cli-error.ts'
import type { VendorFinding } from '../vendor-checks.ts'
import { findProblems, type Group, type InitKey, isPlaceholder, KEYS, type Values } from './keys.ts'
import { stepsOf } from './steps.ts'

/** What the questions need. */
export interface Interview {
  readonly prompt: Prompt
  readonly print: (line: string) => void
  readonly address: string | undefined
  readonly allowHttp: boolean
  /** Keys to ask for although they are set. */
  readonly change: ReadonlySet<string>
  /** Whether everything that is needed was set before. */
  readonly isComplete: boolean
  /** What to propose for a key. */
  readonly proposed: Values
  /** The values of a group that its vendor knows. */
  readonly check: (group: Group, values: Values) => Promise<readonly VendorFinding[]>
  /** The open lists of the board, to choose from. */
  readonly listNames: (values: Values) => Promise<readonly string[]>
  /** Keeps what is known so far. */
  readonly keep: (values: Values) => Promise<void>
}

const GROUPS: readonly Group[] = ['aws', 'trello', 'slack', 'teams', 'news', 'callbacks']

/** Asks for what is missing, group by group, and keeps each group as soon as its vendor has said yes. */
export async function askValues(known: Values, interview: Interview): Promise<Values> {
  let values = known
  for (const group of GROUPS) values = await askGroup(group, values, interview)
  return values
}

async function askGroup(group: Group, known: Values, interview: Interview): Promise<Values> {
  const { print } = interview
  const keys = KEYS.filter((key) => key.group === group)
  let left = keys.filter((key) => isAsked(key, known, interview))
  if (left.length === 0) return known
  const steps = stepsOf(group, interview.address)
  print('')
  print(steps.title)
  if (steps.optional !== undefined && !(await confirm(interview, steps.optional))) return known
  for (const [number, line] of steps.lines.entries()) print(`  ${number + 1}. ${line}`)
  print(`  More: docs/guides/${steps.guide}`)
  if (group !== 'aws') await answer(interview, { text: '  Press Enter when it is done:' })
  let values = known
  for (;;) {
    for (const key of left) values = await askKey(key, values, interview)
    const findings = await interview.check(group, values)
    for (const { kind, text } of findings) print(`  ${WORDS[kind]}: ${text}`)
    const wrong = new Set(findings.flatMap((finding) => (finding.kind === 'wrong' ? finding.keys : [])))
    left = keys.filter(({ name }) => wrong.has(name))
    if (left.length === 0) break
  }
  await interview.keep(values)
  return values
}

const WORDS = { right: 'right', wrong: 'wrong', 'no-answer': 'not checked' } as const

/** What may be left out is asked for beside what is missing of its group, and later by --change only. */
function isAsked(key: InitKey, values: Values, interview: Interview): boolean {
  const { change, isComplete, allowHttp } = interview
  if (change.has(key.name)) return true
  if (values[key.name] !== undefined && findMalformed(key, values, allowHttp) !== undefined) return true
  if (key.isRare) return false
  if (!key.isOptional) return isMissing(key, values, interview)
  const needed = KEYS.filter(({ group, isOptional }) => group === key.group && !isOptional)
  const isWhole = needed.length === 0 ? isComplete : !needed.some((other) => isMissing(other, values, interview))
  return values[key.name] === undefined && !isWhole
}

/** Behind a Function URL the address is not known yet, and with it Teams' token. */
function isMissing({ name }: InitKey, values: Values, { address }: Interview): boolean {
  return values[name] === undefined || (isPlaceholder(values[name]) && address !== undefined)
}

/** What is expected of a value that has the wrong form. */
function findMalformed({ name }: InitKey, values: Values, allowHttp: boolean): string | undefined {
  const problems = findProblems(values, allowHttp)
  return problems.find(({ key, problem }) => key === name && problem === 'malformed')?.expected
}

/** Asks until the answer has the right form. */
async function askKey(key: InitKey, known: Values, interview: Interview): Promise<Values> {
  const { print, proposed, allowHttp } = interview
  const names = key.name.endsWith('LIST_NAME') ? await interview.listNames(known) : []
  if (names.length > 0) print(`  Lists of the board: ${names.map((name, at) => `${at + 1} ${name}`).join(', ')}`)
  const { [key.name]: before, ...others } = known
  const proposal = before ?? proposed[key.name]
  const hint = key.isOptional ? ' (Enter: none)' : proposal === undefined || key.isHidden ? '' : ` [${proposal}]`
  for (;;) {
    const said = await answer(interview, { text: `  ${key.question}${hint}:`, isHidden: key.isHidden })
    const value = names[Number(said) - 1] ?? (said || (key.isHidden || key.isOptional ? '' : (proposal ?? '')))
    if (value === '' && key.isOptional) return others
    const values = { ...others, [key.name]: value }
    const expected = value === '' ? 'a value' : findMalformed(key, values, allowHttp)
    if (expected === undefined) return values
    print(`  That is not right. Expected: ${expected}.`)
  }
}

/** True for yes; Enter is no. */
export async function confirm(interview: Pick<Interview, 'prompt'>, text: string): Promise<boolean> {
  return /^y(es)?$/i.test(await answer(interview, { text: `${text} [y/N]` }))
}

/** An answer; where the person ends the input, the command ends: what was kept stays. */
export async function answer({ prompt }: Pick<Interview, 'prompt'>, question: Question): Promise<string> {
  const said = await prompt.ask(question)
  if (said !== undefined) return said
  throw new CliError('stopped. What a vendor has checked is kept: run it again, and it asks for the rest')
}
