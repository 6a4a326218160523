/** A mistake that the user can fix. Printed as one message, without a stack. Exit code 1 or 2. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** 2: the command line itself is wrong. */
  readonly exitCode: 1 | 2
  /** AWS did not answer in time: the same command may succeed later. */
  readonly isTransient: boolean

  constructor(message: string, exitCode: 1 | 2 = 1, { isTransient = false }: { readonly isTransient?: boolean } = {}) {
    super(message)
    this.exitCode = exitCode
    this.isTransient = isTransient
  }
}
