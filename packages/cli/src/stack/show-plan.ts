import type { PlannedChange, Reason, StackPlan } from '@ticketing/stack'
import { cutLine, lineWidth } from '../text/layout.ts'
import { printableLine } from '../text/printable.ts'
import type { CommandContext } from '../command.ts'

const REASONS: Readonly<Record<Reason, string>> = {
  missing: 'it does not exist',
  'not-ours': 'it exists without our tags: made by the older system or by hand',
  'other-prefix': 'it belongs to the stack of another prefix',
  'described-otherwise': 'another code, setting, secret or version than when it was made',
  'not-wanted': 'a server answers Teams, not a function',
  'changed-by-hand': 'it was changed since the last up, by hand or by another program',
}

/** Prints a plan: a line for each change and why, a line for each field of it, and a count of everything. */
export function showPlan({ changes, kept }: StackPlan, context: CommandContext): void {
  const width = lineWidth(context.columns)
  for (const change of changes) for (const line of describeChange(change)) context.print(cutLine(line, width))
  const count = (action: PlannedChange['action']): number => changes.filter((each) => each.action === action).length
  const removals = count('remove')
  context.print(
    changes.length === 0
      ? `nothing to change: ${kept.length} resources are as they should be`
      : `plan: ${count('create')} to create, ${count('update')} to change, ${removals === 0 ? '' : `${removals} to remove, `}${kept.length} to keep`,
  )
}

function describeChange({ action, resource, reason, differences }: PlannedChange): readonly string[] {
  // A digest tells a person nothing: shown only where nothing else differs.
  const fields = differences.filter(({ field }) => !field.startsWith('tag '))
  return [
    `  ${printableLine(`${action} ${resource.kind} ${resource.name}: ${REASONS[reason]}`)}`,
    ...(fields.length > 0 ? fields : differences).map(
      ({ field, from, to }) =>
        `      ${printableLine(`${field}: ${from === undefined ? '(not set)' : shorten(from)} -> ${shorten(to)}`)}`,
    ),
  ]
}

/** A policy is as long as a page: its beginning is enough beside the other one's. */
function shorten(text: string): string {
  return cutLine(text, LONGEST_VALUE)
}

const LONGEST_VALUE = 60
