/** Something that the person at the keyboard can mend: printed as one message, without a stack. Exit code 1 or 2. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** 2: the command line itself is wrong. */
  readonly exitCode: 1 | 2
  /** AWS did not answer, or was not done in time: the same may well succeed later, with nothing put right. */
  readonly mayPass: boolean

  constructor(message: string, exitCode: 1 | 2 = 1, { mayPass = false }: { readonly mayPass?: boolean } = {}) {
    super(message)
    this.exitCode = exitCode
    this.mayPass = mayPass
  }
}
