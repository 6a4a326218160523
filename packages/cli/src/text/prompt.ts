import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

/** One question to a person. */
export interface Question {
  readonly text: string
  /** Whether the answer is a secret: then nothing of it is shown, not even its length. */
  readonly isHidden?: boolean
}

/** A conversation with the person at the terminal. */
export interface Prompt extends Disposable {
  /** The answer without blanks around it. Undefined: the person ended the input (Ctrl-C, Ctrl-D). */
  ask(question: Question): Promise<string | undefined>
}

/**
 * Asks at a terminal, line by line. Nothing is redrawn, so that a screen reader and a log can follow. Answers are in no
 * history: the arrow keys would show a secret again.
 */
export function openPrompt(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Prompt {
  let isMuted = true
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isMuted) output.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input, output: shown, terminal: true, historySize: 0 })
  // What is typed ahead of its question is not shown either: it may be a secret.
  const typed: string[] = []
  let waiting: ((line: string | undefined) => void) | undefined
  let isOver = false
  const settle = (line: string | undefined): void => {
    const take = waiting
    waiting = undefined
    // Now, not later: the rest of a paste may be a secret.
    isMuted = true
    if (take) take(line)
    else if (line !== undefined) typed.push(line)
  }
  lines.on('line', (line) => settle(edited(line)))
  lines.on('SIGINT', () => lines.close())
  lines.once('close', () => {
    isOver = true
    settle(undefined)
  })
  return {
    async ask({ text, isHidden = false }) {
      const ahead = typed.shift()
      output.write(`${text} `)
      isMuted = isHidden || ahead !== undefined
      const line = ahead ?? (isOver ? undefined : await next(lines, (take) => (waiting = take)))
      // The line feed of a hidden answer is hidden, too.
      if (isHidden || line === undefined || ahead !== undefined) output.write('\n')
      return line?.trim()
    },
    [Symbol.dispose]: () => lines.close(),
  }
}

/** The line after its keys were pressed: on a terminal without capabilities (`TERM=dumb`) Node leaves them in it. */
function edited(line: string): string {
  const kept: string[] = []
  for (const key of stripVTControlCharacters(line)) {
    if (key === '\u007F' || key === '\b') kept.pop()
    else kept.push(key)
  }
  return kept.join('')
}

async function next(
  lines: Interface,
  wait: (take: (line: string | undefined) => void) => void,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  wait(resolve)
  lines.resume()
  return promise
}
