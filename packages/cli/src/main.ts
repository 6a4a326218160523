#!/usr/bin/env node
import { createStackClients } from '@ticketing/stack'
import { systemClock } from 'ticket-adapters/clock'
import { runCli } from './run-cli.ts'
import { openPrompt } from './text/prompt.ts'
import { openTerminal } from './text/terminal.ts'

// The root of the `ticketing` command.
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort(signal)
  })
}

// The reader of the output has closed the pipe (`| head`): end quietly.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  isWindows: process.platform === 'win32',
  clock: systemClock,
  clients: createStackClients,
  ...openTerminal(process.stdout, process.stderr),
  ...(process.stdin.isTTY && process.stdout.isTTY && { openPrompt: () => openPrompt(process.stdin, process.stdout) }),
  stop: stop.signal,
  sinceStart: () => performance.now(),
})
