import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readQueue } from '@ticketing/stack'
import type { Testbed } from '@ticketing/testbed'
import { LANES, createSettingReader, describeSettingProblem, escalateAfterRule } from 'ticket-core'
import { checkPorts, explainAddress, readPort } from '../ports.ts'
import { CliError } from '../cli-error.ts'
import { DEV_SETTINGS, readFunctionSettings } from '../deployment-settings.ts'
import { showAddresses } from '../dev/show-addresses.ts'
import { showSteps } from '../dev/show-steps.ts'
import { liveSamples } from '../dev/live-samples.ts'
import { sendSamples, showTable } from '../dev/send-samples.ts'
import { lockFolder } from '../folder-lock.ts'
import { loadBundler, loadFunctions, loadTestbed } from '../load.ts'
import { writePrivately } from '../private-folder.ts'
import { readRunning, removeRunning, stateDirectory, writeRunning } from '../running-file.ts'
import { countOf } from '../text/layout.ts'
import { untilStopped, type Command, type CommandContext } from '../command.ts'

const PORTS = { server: 3978, cloud: 4566, trello: 4567, slack: 4568 } as const
/** Below .ticketing/: the state that `--fresh` deletes. */
const STATE = 'state'

/** The whole system on this machine, with four sample messages sent through it, and people who work on them. */
export const dev: Command = {
  name: 'dev',
  summary: 'run the whole system on this machine and send samples through it',
  help: `ticketing dev     starts the embedded cloud, Trello and Slack simulators, the stack and the server, sends samples and lets people work on them
                     in Teams, Trello and Slack, stays up
  --once               leaves after the samples: exit 0 when each arrived, and all were notified of it, as expected
  --fresh              forgets what earlier runs left in .ticketing/
  --no-samples         sends nothing
  --port N             the server's (default ${PORTS.server})
  --cloud-port N       the embedded cloud's (default ${PORTS.cloud})
  --trello-port N      the Trello simulator's (default ${PORTS.trello})
  --slack-port N       the Slack simulator's (default ${PORTS.slack})
  --host-name NAME     another name by which programs may reach cloud and simulators, besides localhost; several times`,
  async run(args, context) {
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
      'host-name': { type: 'string', multiple: true },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const ports = {
      server: readPort('--port', values.port, PORTS.server),
      cloud: readPort('--cloud-port', values['cloud-port'], PORTS.cloud),
      trello: readPort('--trello-port', values['trello-port'], PORTS.trello),
      slack: readPort('--slack-port', values['slack-port'], PORTS.slack),
    }
    checkPorts(ports)
    // An image has neither: it says so before it looks for a folder.
    await loadTestbed()
    const { buildBundles } = await loadBundler()
    const directory = stateDirectory(context.cwd)
    const release = lockFolder(directory)
    if (!release) throw new CliError(await describeLockHolder(directory))
    // The bundles are not private: images are made of them.
    await buildBundles()
    const writeAsBefore = writePrivately()
    try {
      if (values.fresh) await forget(directory)
      return await runDev(context, {
        directory,
        ports,
        hostNames: values['host-name'] ?? [],
        once: values.once ?? false,
        samples: !values['no-samples'],
      })
    } finally {
      writeAsBefore()
      release()
    }
  },
}

async function describeLockHolder(directory: string): Promise<string> {
  const running = await readRunning(directory)
  const which = running ? ` (process ${running.pid}, ${running.server})` : ''
  return `a testbed runs in this folder already${which}; stop it, or start this one in another folder`
}

/** Deletes the state, but not the lock of the folder. */
async function forget(directory: string): Promise<void> {
  await removeRunning(directory)
  await rm(join(directory, STATE), { recursive: true, force: true })
}

interface DevOptions {
  readonly directory: string
  readonly ports: Readonly<Record<keyof typeof PORTS, number>>
  readonly hostNames: readonly string[]
  readonly once: boolean
  readonly samples: boolean
}

async function runDev(context: CommandContext, options: DevOptions): Promise<number> {
  const { directory, once, samples } = options
  // The file of a killed run names addresses that are closed.
  await removeRunning(directory)
  const bed = await start(context, options)
  try {
    await writeRunning(directory, {
      pid: process.pid,
      ...bed.addresses,
      teamsToken: bed.teams.token,
      botName: bed.teams.botName,
      secretId: bed.secretId,
      region: 'us-east-1',
    })
    const waiting = await describeWaiting(bed)
    if (waiting !== undefined) context.print(`${milliseconds(context)}  ${waiting}`)
    const unexpected = samples && !context.stop.aborted ? await runSamples(bed, context) : []
    if (context.stop.aborted) return printStopping(context, once)
    for (const problem of unexpected) context.printError(`not as expected: ${problem}`)
    if (once) return unexpected.length === 0 ? 0 : 1
    showAddresses(bed.addresses, context)
    const stopShowing = showSteps(bed.journal, context)
    await untilStopped(context)
    stopShowing()
    return printStopping(context, once)
  } finally {
    await removeRunning(directory)
    await bed.stop()
  }
}

/** Sends the samples and lets people work on them. Resolves with what is not as expected. */
async function runSamples(bed: Testbed, context: CommandContext): Promise<readonly string[]> {
  const stopShowing = showSteps(bed.journal, context)
  const results = await sendSamples(bed, context)
  // From here on their life is shown.
  stopShowing()
  if (context.stop.aborted) return []
  showTable(results, context)
  const missing = await liveSamples(bed, context, results)
  return [
    ...results.flatMap(({ message, landed, asExpected }) => (asExpected ? [] : [`${message}: ${landed}`])),
    ...missing,
  ]
}

/** An interrupt is not "all four ended as expected": with `--once` the exit code says so. */
function printStopping(context: CommandContext, once: boolean): number {
  context.print('stopping (Ctrl-C again stops immediately)')
  return once ? 130 : 0
}

async function start(context: CommandContext, { directory, ports, hostNames }: DevOptions): Promise<Testbed> {
  const { DamagedState, startTestbed } = await loadTestbed()
  const bundles = await loadFunctions()
  const { settings, problems } = readFunctionSettings(context.env)
  const server = createSettingReader(context.env)
  const escalateAfter = server.read('TICKETING_ESCALATE_AFTER', { ...escalateAfterRule, fallback: undefined })
  const wrong = [...problems, ...server.problems]
  if (wrong.length > 0) throw new CliError(wrong.map(describeSettingProblem).join('\n'))
  const onReady = (part: string): void => context.print(`${milliseconds(context)}  ${part} ready`)
  try {
    return await startTestbed({
      bundles,
      directory: join(directory, STATE),
      ports,
      hostNames,
      prefix: 'dev',
      callbacks: { trello: '/trello', slack: '/slack' },
      news: 'important',
      functionSettings: { ...DEV_SETTINGS, ...settings },
      escalateAfter,
      onReady,
    })
  } catch (error) {
    if (error instanceof DamagedState) throw new CliError(`${error.message} Or start from nothing by dev --fresh`)
    throw await explainAddress(error, { ports, host: '127.0.0.1' })
  }
}

function milliseconds(context: CommandContext): string {
  return `${String(Math.round(context.sinceStart())).padStart(6)} ms`
}

/** The messages of earlier runs in the queues, as one line. Undefined if there are none. */
async function describeWaiting({ clients, prefix }: Testbed): Promise<string | undefined> {
  const read = await Promise.all(LANES.map((lane) => readQueue(clients, { prefix, lane })))
  const waiting = read.flatMap((queue) => {
    if (!queue.ok || !queue.value) return []
    const { name, visible, inFlight, delayed } = queue.value
    const count = visible + inFlight + delayed
    return count === 0 ? [] : [`${countOf(count, 'message')} in ${name}`]
  })
  return waiting.length === 0 ? undefined : `still waiting from before: ${waiting.join(', ')}`
}
