/** Something that the person at the keyboard can mend: printed as one message, without a stack. Exit code 1 or 2. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** 2: the command line itself is wrong. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
