import type { WriteStream } from 'node:tty'
import type { CommandContext } from '../command.ts'

type Stream = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Carriage return, then "erase the whole line" (ECMA-48, EL 2). */
const WIPE = '\r\u001B[2K'

/** The two streams of a process as a command uses them. A progress line never mixes with other lines. */
export function openTerminal(
  out: Stream,
  err: Stream,
): Pick<CommandContext, 'print' | 'printError' | 'progress' | 'columns'> {
  let passing = ''
  const wipe = (): void => {
    if (passing !== '') err.write(WIPE)
    passing = ''
  }
  return {
    print(line) {
      wipe()
      out.write(`${line}\n`)
    },
    printError(line) {
      wipe()
      err.write(`${line}\n`)
    },
    progress(text) {
      if (err.isTTY !== true || text === passing) return
      wipe()
      err.write(text)
      passing = text
    },
    ...(out.isTTY === true && out.columns !== undefined && { columns: out.columns }),
  }
}
