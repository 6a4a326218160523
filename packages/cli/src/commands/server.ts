import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import {
  METRIC_HELP,
  readSettings,
  runServer,
  startServer,
  type RunningServer,
  type StartFailure,
} from '@ticketing/server'
import { releaseOf } from '@ticketing/lambdas'
import { createLog, createRedaction } from 'ticket-adapters/log'
import { createMetrics } from 'ticket-adapters/metrics'
import { describeSettingProblem, succeed, type AppSecret, type Log, type Result } from 'ticket-core'
import { describeSharedTokens } from '../print-target.ts'
import { createClientsOf, secretIdOf } from '../connect.ts'
import { readDeploymentSettings, type TunnelSettings } from '../deployment-settings.ts'
import { loadFunctions } from '../load.ts'
import { manageStack } from '../stack/manage-stack.ts'
import { openTunnel } from '../open-tunnel.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import { untilStopped, type Command, type CommandContext } from '../command.ts'

/** Only the server, as a deployment runs it. */
export const server: Command = {
  name: 'server',
  summary: 'run only the server: it answers Teams, and needs the AWS resources',
  help: `ticketing server     serves until it is stopped; settings come from the environment, its log is JSON lines
  --port N     where it listens (default: TICKETING_PORT, else 3978; 0 takes a free one)
  --host NAME  on which address (default: TICKETING_HOST, else 127.0.0.1)
  --restart-on-failure   for a supervisor that restarts on failure, as Docker does: 0 then means "do not restart", see below
TICKETING_MANAGE=1 applies the stack first, as \`up\` does.
NGROK_AUTHTOKEN and NGROK_DOMAIN open a tunnel to it, by ngrok.
Exit code 0 after a clean stop, 1 for a mistake that a person must fix, 2 if AWS does not answer.
With --restart-on-failure 0 for a mistake that a person must fix, 143 after a clean stop (so that it starts again after a reboot).${TARGET_HELP}`,
  async run(args, context) {
    const options = {
      ...TARGET_OPTIONS,
      port: { type: 'string' },
      host: { type: 'string' },
      'restart-on-failure': { type: 'boolean' },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const target = await findTarget(values, context)
    const deployment = readDeploymentSettings(context.env)
    const { tunnel } = deployment.settings
    const exitCode = values['restart-on-failure'] ? (code: 0 | 1 | 2) => RESTART_CODES[code] : (code: number) => code
    const { port, host } = values
    const settings = readSettings({
      ...context.env,
      TICKETING_PUBLIC_URL: context.env['TICKETING_PUBLIC_URL'] || (tunnel && `https://${tunnel.domain}`),
      AWS_ENDPOINT_URL: target.endpoint,
      AWS_REGION: target.region,
      TICKETING_SECRET_ID: secretIdOf(target, context),
      ...(port !== undefined && { TICKETING_PORT: port }),
      ...(host !== undefined && { TICKETING_HOST: host }),
    })
    if (!settings.ok || deployment.problems.length > 0) {
      const problems = [...(settings.ok ? [] : settings.failure), ...deployment.problems]
      for (const line of new Set(problems.map(describeSettingProblem))) writeError(context, line)
      return exitCode(1)
    }
    const { clock } = context
    const { manage } = deployment.settings
    const redaction = createRedaction()
    if (tunnel) redaction.hide(tunnel.authtoken)
    const write = (line: string): void => context.print(line.trimEnd())
    const log = createLog({ write, clock, redaction, level: settings.value.logLevel })
    const clients = createClientsOf(target, context, { maxAttempts: 1 })
    const metrics = createMetrics({ help: METRIC_HELP })
    let isShared = false
    const onSecret = (secret: AppSecret): void => {
      redaction.hideAppSecret(secret)
      // Once, and again after it was fixed in between: the secret is read every few minutes.
      if (secret.sharedTokens && !isShared)
        log.write('warn', 'secret.shared-tokens', { hint: describeSharedTokens(settings.value.secretId) })
      isShared = secret.sharedTokens === true
    }
    // Without the functions, in a clone where they were not built, the server serves all the same.
    const release = await loadFunctions().then(releaseOf, () => undefined)
    const start = async (): Promise<Result<RunningServer, StartFailure>> => {
      const managed = manage ? await manageStack(target, context, log) : succeed(undefined)
      if (!managed.ok) return managed
      const started = await startServer({
        settings: settings.value,
        clients,
        clock,
        log,
        metrics,
        fetch,
        newNonce: () => randomUUID(),
        onSecret,
        release,
      })
      return started.ok && tunnel ? behindTunnel(started.value, tunnel, log) : started
    }
    const code = await runServer({
      start,
      clock,
      log,
      writeError: (line) => writeError(context, line),
      stopped: untilStopped(context),
    })
    // Open sockets would keep the process alive.
    for (const client of Object.values(clients)) client.destroy()
    return exitCode(code)
  },
}

/**
 * Docker's `restart: on-failure` restarts for every code but 0, also when the engine itself restarts: after a clean 0 the
 * server would stay down after a reboot. 143 is the code of a process that SIGTERM ended.
 */
const RESTART_CODES = { 0: 143, 1: 0, 2: 2 } as const

async function behindTunnel(
  server: RunningServer,
  settings: TunnelSettings,
  log: Log,
): Promise<Result<RunningServer, StartFailure>> {
  const opened = await openTunnel(server.url, settings, () => import('@ngrok/ngrok'))
  if (!opened.ok) {
    await server.close()
    return opened
  }
  const tunnel = opened.value
  log.write('info', 'tunnel.opened', { url: tunnel.url })
  return succeed({
    url: tunnel.url,
    retire: () => server.retire(),
    async close() {
      await tunnel.close()
      await server.close()
    },
  })
}

function writeError(context: CommandContext, line: string): void {
  context.printError(`ticketing server: ${line}`)
}
