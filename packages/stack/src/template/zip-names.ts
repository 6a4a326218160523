import { LANES } from 'ticket-core'
import type { DesiredStack } from '../desired/desired-stack.ts'

/** The zip of a function, as `pnpm bundle` names it: `low.zip`, …, `intake.zip`. */
export function zipNameOf({ names }: Pick<DesiredStack, 'names'>, functionName: string): string {
  const lane = LANES.find((one) => names.lanes[one].function === functionName) ?? 'intake'
  return `${lane}.zip`
}

/** A name within the stack as an identifier: `acme-IN-Role` is `INRole`. */
export function identifierOf({ prefix }: Pick<DesiredStack, 'prefix'>, name: string): string {
  return name.slice(prefix.length).replaceAll(/[^A-Za-z0-9]/g, '')
}
