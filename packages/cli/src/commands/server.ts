import { parseArgs } from 'node:util'
import {
  createClients,
  describeSettingProblem,
  METRIC_HELP,
  readSettings,
  runServer,
  startServer,
} from '@ticketing/server'
import { createLog, createRedaction } from 'ticket-adapters/log'
import { createMetrics } from 'ticket-adapters/metrics'
import { awsOptions, secretIdOf } from '../connect.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import type { Command, World } from '../world.ts'

/** The server alone, as a deployment runs it; the stack must be there already. */
export const server: Command = {
  name: 'server',
  summary: 'run only the server: it answers Teams, and everything else must be there',
  help: `ticketing server     serves until it is stopped; settings come from TICKETING_… in the environment, its log is JSON lines
  --port N     where it listens (default: TICKETING_PORT, else 3978; 0 takes a free one)
  --host NAME  on which address (default: TICKETING_HOST, else 127.0.0.1)
Exit code 0 after a clean stop, 1 for what somebody must put right, 2 when AWS does not answer.${TARGET_HELP}`,
  async run(args, world) {
    const options = { ...TARGET_OPTIONS, port: { type: 'string' }, host: { type: 'string' } } as const
    const { values } = parseArgs({ args: [...args], options })
    const target = await findTarget(values, world)
    const { port, host } = values
    const settings = readSettings({
      ...world.env,
      AWS_ENDPOINT_URL: target.endpoint,
      AWS_REGION: target.region,
      TICKETING_SECRET_ID: secretIdOf(target, world),
      ...(port !== undefined && { TICKETING_PORT: port }),
      ...(host !== undefined && { TICKETING_HOST: host }),
    })
    if (!settings.ok) {
      for (const problem of settings.failure) writeError(world, describeSettingProblem(problem))
      return 1
    }
    const { clock } = world
    const redaction = createRedaction()
    const write = (line: string): void => world.say(line.trimEnd())
    const log = createLog({ write, clock, redaction, level: settings.value.logLevel })
    const clients = createClients(awsOptions(target, world))
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
    const exitCode = await runServer({
      start,
      clock,
      log,
      writeError: (line) => writeError(world, line),
      stopped: untilStopped(world),
    })
    // Kept sockets would hold the process for a while yet.
    for (const client of Object.values(clients)) client.destroy()
    return exitCode
  },
}

function writeError(world: World, line: string): void {
  world.complain(`ticketing server: ${line}`)
}

/** The name of the signal. */
function untilStopped({ stop }: World): Promise<string> {
  return new Promise((resolve) => {
    const settle = (): void => resolve(String(stop.reason))
    if (stop.aborted) settle()
    else stop.addEventListener('abort', settle, { once: true })
  })
}
