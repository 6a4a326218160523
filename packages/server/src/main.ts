import { systemClock } from 'ticket-adapters/clock'
import { createLog, createRedaction } from 'ticket-adapters/log'
import { createMetrics } from 'ticket-adapters/metrics'
import { METRIC_HELP } from './metric-help.ts'
import { runServer } from './run-server.ts'
import { describeSettingProblem, readSettings } from './settings.ts'
import { createClients, startServer } from './start.ts'

/** The server as a process: settings from the environment, log on standard output, SIGTERM and SIGINT stop it. */
async function main(): Promise<number> {
  const settings = readSettings(process.env)
  if (!settings.ok) {
    for (const problem of settings.failure) writeError(describeSettingProblem(problem))
    return 1
  }
  const { logLevel, region, endpoint } = settings.value
  const redaction = createRedaction()
  const clock = systemClock
  const log = createLog({ write: (line) => void process.stdout.write(line), clock, redaction, level: logLevel })
  const clients = createClients({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  })
  const metrics = createMetrics({ help: METRIC_HELP })
  const start = (): ReturnType<typeof startServer> =>
    startServer({
      settings: settings.value,
      clients,
      clock,
      log,
      metrics,
      onSecret: (secret) => redaction.hideAppSecret(secret),
    })
  const exitCode = await runServer({ start, clock, log, writeError, stopped: watchSignals() })
  // Kept sockets would hold the process for a while yet.
  for (const client of Object.values(clients)) client.destroy()
  return exitCode
}

function writeError(line: string): void {
  process.stderr.write(`ticketing server: ${line}\n`)
}

/** The first signal stops in order; the second one means "at once". */
function watchSignals(): Promise<string> {
  return new Promise((resolve) => {
    let signalled = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (signalled) process.exit(130)
        signalled = true
        resolve(signal)
      })
    }
  })
}

process.exitCode = await main()
