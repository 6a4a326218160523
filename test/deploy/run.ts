import { spawn } from 'node:child_process'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** For its standard input; without it that is empty. */
  readonly input?: string
}

/** Runs a program to its end; one that is not installed ends with code 127, as in a shell. */
export async function run(
  program: string,
  args: readonly string[],
  { env = process.env, cwd, input }: RunOptions = {},
): Promise<Ran> {
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  const child = spawn(program, args, { env, cwd, stdio: 'pipe' })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A program that ends before it has read everything says why by its exit code.
  child.stdin.once('error', () => {})
  child.stdin.end(input)
  child.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') resolve({ code: 127, stdout, stderr: error.message })
    else reject(error)
  })
  child.once('close', (code) => resolve({ code, stdout, stderr }))
  return promise
}
