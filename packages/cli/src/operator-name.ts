import { userInfo } from 'node:os'
import { CliError } from './cli-error.ts'

/** UTF-16 code units. */
const LONGEST_NAME = 200

/** Whose name an event carries: that of --as, or of the user of this machine. */
export function operatorName(given: string | undefined): string {
  const name = (given ?? userName()).trim()
  if (name !== '' && name.length <= LONGEST_NAME) return name
  throw new CliError(`--as: expected a name, ${LONGEST_NAME} characters at most`, 2)
}

/** A container may have no user. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'operator'
  }
}
