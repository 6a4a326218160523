import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import {
  METRIC_HELP,
  openStandIn,
  readSettings,
  runServer,
  startServer,
  type RunningServer,
  type Settings,
  type StartFailure,
} from '@ticketing/server'
import { releaseOf } from '@ticketing/lambdas'
import { createLog, createRedaction, type Redaction } from 'ticket-adapters/log'
import { createMetrics, type MetricsRegistry } from 'ticket-adapters/metrics'
import { describeSettingProblem, fail, succeed, type AppSecret, type Log, type Result } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { describeSharedTokens } from '../print-target.ts'
import { createClientsOf, secretIdOf } from '../connect.ts'
import { readDeploymentSettings, type DeploymentSettings, type TunnelSettings } from '../deployment-settings.ts'
import { loadFunctions } from '../load.ts'
import { manageStack } from '../stack/manage-stack.ts'
import { openTunnel } from '../open-tunnel.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS, type Target, type TargetFlags } from '../target.ts'
import { untilStopped, type Command, type CommandContext } from '../command.ts'

/** Only the server, as a deployment runs it. */
export const server: Command = {
  name: 'server',
  summary: 'run only the server: it answers Teams, and needs the AWS resources',
  help: `ticketing server     serves until it is stopped; settings come from the environment, its log is JSON lines
  --port N     where it listens (default: TICKETING_PORT, else 3978; 0 takes a free one)
  --host NAME  on which address (default: TICKETING_HOST, else 127.0.0.1)
  --restart-on-failure   for a supervisor that restarts on failure, as Docker does: 0 then means "do not restart", see below
  --keep-trying   for a supervisor that restarts whatever ends, as Kubernetes does: what is wrong is one line in the log, the
                  process stays up, /ready says 503, and it tries again every 15 seconds
TICKETING_MANAGE=1 applies the stack first, as \`up\` does.
NGROK_AUTHTOKEN and NGROK_DOMAIN open a tunnel to it, by ngrok.
Exit code 0 after a clean stop, 1 for a mistake that a person must fix, 2 if AWS does not answer; with --keep-trying 0.
With --restart-on-failure 0 for a mistake that a person must fix, 143 after a clean stop (so that it starts again after a reboot).${TARGET_HELP}`,
  async run(args, context) {
    const options = {
      ...TARGET_OPTIONS,
      port: { type: 'string' },
      host: { type: 'string' },
      'restart-on-failure': { type: 'boolean' },
      'keep-trying': { type: 'boolean' },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    if (values['restart-on-failure'] && values['keep-trying'])
      throw new CliError('--restart-on-failure and --keep-trying exclude each other: they are for two supervisors', 2)
    const { clock } = context
    const prepared = await prepare(values, context)
    const redaction = createRedaction()
    const write = (line: string): void => context.print(line.trimEnd())
    const level = prepared.ok ? prepared.value.settings.logLevel : 'info'
    const tools = {
      log: createLog({ write, clock, redaction, level }),
      metrics: createMetrics({ help: METRIC_HELP }),
      redaction,
    }
    const starter = prepared.ok ? createStarter(prepared.value, tools, context) : createNonStarter(prepared.failure)
    const code = await runServer({
      start: starter.start,
      clock,
      log: tools.log,
      writeError: (hint) => tools.log.write('error', 'server.not-started', { hint }),
      stopped: untilStopped(context),
      standIn: values['keep-trying'] ? () => openStandIn({ ...starter.address, ...tools, clock }) : undefined,
    })
    starter.close()
    return values['restart-on-failure'] ? RESTART_CODES[code] : code
  },
}

/** What a server is started with. */
interface Prepared {
  readonly target: Target
  readonly settings: Settings
  readonly deployment: DeploymentSettings
}

interface Tools {
  readonly log: Log
  readonly metrics: MetricsRegistry
  readonly redaction: Redaction
}

/** Starts the server, any number of times until it succeeds. */
interface Starter {
  /** Where it listens, or would. */
  readonly address: Pick<Settings, 'host' | 'port'>
  readonly start: () => Promise<Result<RunningServer, StartFailure>>
  close(): void
}

/** Reads the command line and the environment; every mistake in them is a line of the failure. */
async function prepare(
  flags: TargetFlags & { readonly port?: string | undefined; readonly host?: string | undefined },
  context: CommandContext,
): Promise<Result<Prepared, StartFailure>> {
  try {
    const target = await findTarget(flags, context)
    const deployment = readDeploymentSettings(context.env)
    const { tunnel } = deployment.settings
    const settings = readSettings({
      ...context.env,
      TICKETING_PUBLIC_URL: context.env['TICKETING_PUBLIC_URL'] || (tunnel && `https://${tunnel.domain}`),
      AWS_ENDPOINT_URL: target.endpoint,
      AWS_REGION: target.region,
      TICKETING_SECRET_ID: secretIdOf(target, context),
      ...(flags.port !== undefined && { TICKETING_PORT: flags.port }),
      ...(flags.host !== undefined && { TICKETING_HOST: flags.host }),
    })
    const problems = [...(settings.ok ? [] : settings.failure), ...deployment.problems]
    if (settings.ok && problems.length === 0)
      return succeed({ target, settings: settings.value, deployment: deployment.settings })
    return fail({ code: 'configuration', lines: [...new Set(problems.map(describeSettingProblem))] })
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return fail({ code: 'configuration', lines: error.message.split('\n') })
  }
}

const newNonce = (): string => randomUUID()

/** Where nothing can be started: only a new process gets other settings. */
function createNonStarter(failure: StartFailure): Starter {
  return { address: { host: '0.0.0.0', port: 3978 }, start: async () => fail(failure), close: () => {} }
}

function createStarter(prepared: Prepared, tools: Tools, context: CommandContext): Starter {
  const { target, settings, deployment } = prepared
  const { log, metrics, redaction } = tools
  const { clock } = context
  const { manage, tunnel } = deployment
  if (tunnel) redaction.hide(tunnel.authtoken)
  const clients = createClientsOf(target, context, { maxAttempts: 1 })
  let isShared = false
  const onSecret = (secret: AppSecret): void => {
    redaction.hideAppSecret(secret)
    // Once, and again after it was fixed in between: the secret is read every few minutes.
    if (secret.sharedTokens && !isShared)
      log.write('warn', 'secret.shared-tokens', { hint: describeSharedTokens(settings.secretId) })
    isShared = secret.sharedTokens === true
  }
  return {
    address: settings,
    async start() {
      const managed = manage ? await manageStack(target, context, log) : succeed(undefined)
      if (!managed.ok) return managed
      // Without the functions, in a clone where they were not built, the server serves all the same.
      const release = await loadFunctions().then(releaseOf, () => undefined)
      const options = { settings, clients, clock, log, metrics, fetch, newNonce, onSecret, release }
      const started = await startServer(options)
      return started.ok && tunnel ? behindTunnel(started.value, tunnel, log) : started
    },
    close() {
      // Open sockets would keep the process alive.
      for (const client of Object.values(clients)) client.destroy()
    },
  }
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
  const { domain } = settings
  const opened = await openTunnel(server.url, settings, {
    load: () => import('@ngrok/ngrok'),
    onStatus: (status) =>
      status === 'lost'
        ? log.write('warn', 'tunnel.lost', {
            domain,
            hint: 'Teams cannot reach the server until it is restored; ngrok keeps trying',
          })
        : log.write('info', 'tunnel.restored', { domain }),
  })
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
