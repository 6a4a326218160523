import type { WriteStream } from 'node:tty'
import type { World } from '../world.ts'

type Stream = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Carriage return, then "erase the whole line" (ECMA-48, EL 2). */
const WIPE = '\r\u001B[2K'

/** The two streams of a process as a command uses them. A passing line never mixes with what stays. */
export function openTerminal(out: Stream, err: Stream): Pick<World, 'say' | 'complain' | 'progress' | 'columns'> {
  let passing = ''
  const wipe = (): void => {
    if (passing !== '') err.write(WIPE)
    passing = ''
  }
  return {
    say(line) {
      wipe()
      out.write(`${line}\n`)
    },
    complain(line) {
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
