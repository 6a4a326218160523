import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CliError } from './cli-error.ts'
import type { Command, CommandContext } from './command.ts'
import { connect, type System } from './connect.ts'
import { type Hint, type Target, type TargetFlags, findTarget, hintFor, TARGET_OPTIONS } from './target.ts'

/** What a command such as `dead-letters` can do: each action reads its own options, and reports mistakes before it connects to AWS. */
export type Actions = Readonly<Record<string, (args: readonly string[], context: CommandContext) => Promise<number>>>

/** Options without and with a value. */
export const FLAG = { type: 'boolean' } as const
export const TEXT = { type: 'string' } as const

type Options = NonNullable<ParseArgsConfig['options']>

/** What the command line of an action says, typed by its options. */
type Parsed<Own extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: typeof TARGET_OPTIONS & Own; allowPositionals: true }>
>

/** Runs the action that the first word names. */
export function runAction(actions: Actions): Command['run'] {
  const names = Object.keys(actions)
  const expected = `expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return async ([name, ...args], context) => {
    if (name === undefined) throw new CliError(expected, 2)
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action) throw new CliError(`${expected}, got "${name}"`, 2)
    return action(args, context)
  }
}

/** The options of one action, and those of the target. */
export function parseAction<const Own extends Options>(action: string, args: readonly string[], own: Own): Parsed<Own> {
  const options = { ...TARGET_OPTIONS, ...own }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const [option] = /(?<=^Unknown option ')[^']+/.exec(error instanceof Error ? error.message : '') ?? []
    if (option === undefined) throw error
    const names = Object.keys(own).map((name) => `--${name}`)
    return refuse(action, `${option} is not for it; ${action} takes ${names.join(', ')}`)
  }
}

/** A mistake in the command line of an action. */
export function refuse(action: string, text: string): never {
  throw new CliError(`${action}: ${text}`, 2)
}

/** Connects an action to the system of its target. */
export async function openSystem(
  flags: TargetFlags,
  context: CommandContext,
): Promise<{ readonly target: Target; readonly system: System; readonly hint: Hint }> {
  const target = await findTarget(flags, context)
  return { target, system: await connect(target, context), hint: hintFor(flags) }
}
