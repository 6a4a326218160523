import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { showSteps } from '../dev/show-steps.ts'
import { showTable } from '../dev/show-table.ts'
import { sendSamples } from '../dev/send-samples.ts'
import { readRunning, removeRunning, stateDirectory, writeRunning } from '../running-file.ts'
import { loadTestbed } from '../load-testbed.ts'
import type { Command, World } from '../world.ts'

const PORTS = { server: 3978, cloud: 4566, trello: 4567, slack: 4568 } as const
/** The flag that changes each port. */
const FLAGS = { server: '--port', cloud: '--cloud-port', trello: '--trello-port', slack: '--slack-port' } as const

/** The whole system on this machine, with four sample messages sent through it. */
export const dev: Command = {
  name: 'dev',
  summary: 'run the whole system on this machine and send four sample messages',
  help: `ticketing dev     starts the embedded cloud, Trello and Slack simulators, the stack and the server, sends samples, stays up
  --once               leaves after the samples: exit 0 when all ended as expected
  --fresh              forgets what earlier runs left in .ticketing/
  --no-samples         sends nothing
  --port N             the server's (default ${PORTS.server})
  --cloud-port N       the embedded cloud's (default ${PORTS.cloud})
  --trello-port N      the Trello simulator's (default ${PORTS.trello})
  --slack-port N       the Slack simulator's (default ${PORTS.slack})`,
  async run(args, world) {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    const options = {
      once: flag,
      fresh: flag,
      'no-samples': flag,
      port: text,
      'cloud-port': text,
      'trello-port': text,
      'slack-port': text,
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const ports = {
      server: readPort('--port', values.port, PORTS.server),
      cloud: readPort('--cloud-port', values['cloud-port'], PORTS.cloud),
      trello: readPort('--trello-port', values['trello-port'], PORTS.trello),
      slack: readPort('--slack-port', values['slack-port'], PORTS.slack),
    }
    const directory = stateDirectory(world.cwd)
    const running = await readRunning(directory)
    if (running)
      throw new CliError(
        `a testbed runs in this folder already (process ${running.pid}, ${running.server}); stop it, or use another folder`,
      )
    if (values.fresh) await rm(directory, { recursive: true, force: true })
    return runDev(world, { directory, ports, once: values.once ?? false, samples: !values['no-samples'] })
  },
}

interface DevOptions {
  readonly directory: string
  readonly ports: Readonly<Record<keyof typeof PORTS, number>>
  readonly once: boolean
  readonly samples: boolean
}

async function runDev(world: World, { directory, ports, once, samples }: DevOptions): Promise<number> {
  const { AddressInUse, startTestbed } = await loadTestbed()
  const { buildBundles } = await import('@ticketing/lambdas/build')
  const { loadBundles } = await import('@ticketing/lambdas')
  await buildBundles()
  const bundles = await loadBundles()
  const onReady = (part: string): void => world.say(`${milliseconds(world)}  ${part} ready`)
  const bed = await startTestbed({ bundles, directory: join(directory, 'state'), ports, prefix: 'dev', onReady }).catch(
    (error: unknown) => {
      if (!(error instanceof AddressInUse)) throw error
      throw new CliError(
        `port ${error.port} is in use, and the ${error.who} needs it; choose another by ${FLAGS[error.who]} N (0 takes a free one)`,
      )
    },
  )
  const stop = async (): Promise<void> => {
    await removeRunning(directory)
    await bed.stop()
  }
  try {
    const { addresses, teams, secretId } = bed
    await writeRunning(directory, {
      pid: process.pid,
      ...addresses,
      teamsToken: teams.token,
      botName: teams.botName,
      secretId,
      region: 'us-east-1',
    })
    const stopShowing = showSteps(bed.journal, world)
    const results = samples ? await sendSamples(bed, world) : []
    if (samples) showTable(results, world)
    const unexpected = results.filter(({ asExpected }) => !asExpected)
    for (const { message, landed } of unexpected) world.complain(`not as expected: ${message}: ${landed}`)
    if (once) return unexpected.length === 0 ? 0 : 1
    showAddresses(addresses, world)
    await untilStopped(world)
    stopShowing()
    world.say('stopping (Ctrl-C again stops at once)')
    return 0
  } finally {
    await stop()
  }
}

function showAddresses(
  addresses: { server: string; cloud: string; trello: string; slack: string },
  world: World,
): void {
  world.say('')
  world.say(`server  ${addresses.server}   POST / as Teams does; /health /ready /metrics`)
  world.say(`cloud   ${addresses.cloud}   aws --endpoint-url ${addresses.cloud} sqs list-queues`)
  world.say(`Trello  ${addresses.trello}`)
  world.say(`Slack   ${addresses.slack}`)
  world.say('')
  world.say('send more, from another terminal in this folder:')
  world.say(
    '  npx -y pnpm@12 ticketing send --title "Login page is blank" --priority high --description "Since 9:40 it stays white."',
  )
  world.say('Ctrl-C stops; what was delivered is kept in .ticketing/ (dev --fresh forgets it)')
}

function untilStopped({ stop }: World): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve()
    else stop.addEventListener('abort', () => resolve(), { once: true })
  })
}

function readPort(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new CliError(`${flag}: expected a port from 0 to 65535 (0 takes a free one), got "${text}"`, 2)
}

function milliseconds(world: World): string {
  return `${String(Math.round(world.sinceStart())).padStart(6)} ms`
}
