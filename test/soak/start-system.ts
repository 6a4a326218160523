import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadBundles } from '@ticketing/lambdas'
import { buildBundles } from '@ticketing/lambdas/build'
import { createStackClients, type StackClients } from '@ticketing/stack'
import {
  changeSecret,
  createTeamsSimulator,
  deploy,
  startVendors,
  type TeamsSimulator,
  type Vendors,
} from '@ticketing/testbed'
import { systemClock } from 'ticket-adapters/clock'
import { FOREIGN_TOKEN } from '../life/do-act.ts'
import { setUpNews } from '../life/gather-life.ts'
import { createHostFinder, type FunctionHost } from './function-hosts.ts'
import { keepRunning, pathOf, type KeptProcess } from './keep-running.ts'
import { createRandom, type Random } from './random.ts'
import type { Recorder } from './recorder.ts'

/** Cloud, two servers and functions in processes of their own; the outside world in this one. */
export interface SoakSystem {
  readonly vendors: Vendors
  readonly teams: TeamsSimulator
  readonly clients: StackClients
  readonly bucket: string
  readonly queueUrls: Readonly<Record<string, string>>
  readonly cloud: KeptProcess
  /** The cloud's address. */
  readonly endpoint: string
  /** Of all processes: this one's, without its settings for AWS. */
  readonly env: NodeJS.ProcessEnv
  readonly servers: readonly KeptProcess[]
  readonly serverUrls: readonly [string, ...string[]]
  readonly findHosts: () => Promise<FunctionHost[]>
  /** Resolves when cloud and servers all answer; rejects after two minutes. */
  untilUp(): Promise<void>
  /** Kills all of it. */
  end(): Promise<void>
}

const PREFIX = 'soak'
const SECRET_ID = 'ticketing-app'
const REGION = 'us-east-1'
/** What the reporters' team is told. */
export const NEWS = 'important'

/** Starts everything below `folder` and applies the stack by the code that does so on AWS. */
export async function startSystem(folder: string, seed: number, recorder: Recorder): Promise<SoakSystem> {
  await buildBundles()
  const bundles = await loadBundles()
  const chance = createRandom(seed, 'ports and restarts')
  const vendors = await startVendors({
    clock: systemClock,
    journal: recorder.journal,
    fetch,
    ports: { trello: 0, slack: 0 },
  })
  const [cloudPort, portA, portB] = [await findPort(chance), await findPort(chance), await findPort(chance)]
  const endpoint = `http://127.0.0.1:${cloudPort}`
  // Tickets would be escalated after the end of all that is done to them.
  const env = { ...environment(), TICKETING_TRELLO_URL: vendors.trelloUrl, TICKETING_ESCALATE_AFTER: '0' }
  const common = { env, cwd: folder, random: chance, note: recorder.note }
  const directory = join(folder, 'cloud')
  mkdirSync(directory, { recursive: true })
  const cloud = keepRunning({
    ...common,
    name: 'cloud',
    run: [pathOf('cloud-process.ts'), '--directory', directory, '--port', String(cloudPort)],
    logFile: join(folder, 'cloud.log'),
  })
  await untilAnswers(`${endpoint}/_localstack/health`)
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const clients = createStackClients({ endpoint, region: REGION, credentials })
  const deployed = await deploy({
    clients,
    clock: systemClock,
    bundles,
    vendors,
    prefix: PREFIX,
    secretId: SECRET_ID,
    functionSettings: { TICKETING_SLACK_BUTTONS: '1', TICKETING_NEWS_DELAY: '5s' },
  })
  const secret = { clients, secretId: SECRET_ID }
  await changeSecret(secret, { TEAMS_HMAC_SECRET: `${deployed.teamsToken},${FOREIGN_TOKEN}` })
  await changeSecret(secret, {
    TEAMS_NOTIFY_URL: setUpNews(vendors.workflows, NEWS, vendors.workflowsUrl),
  })

  // Each vendor calls back to another server.
  const serverUrls: [string, string] = [`http://127.0.0.1:${portA}`, `http://127.0.0.1:${portB}`]
  vendors.trello.addWebhook(`${serverUrls[0]}/trello`)
  vendors.slack.setRequestUrl(`${serverUrls[1]}/slack`)
  const servers = [portA, portB].map((port, index) => {
    const name = `server ${'AB'.charAt(index)}`
    const args = ['server', '--endpoint', endpoint, '--port', String(port)]
    return keepRunning({
      ...common,
      name,
      run: [pathOf('../../packages/cli/src/main.ts'), ...args],
      logFile: join(folder, `${name.replace(' ', '-')}.log`),
    })
  })
  const untilUp = async (): Promise<void> => {
    await untilAnswers(`${endpoint}/_localstack/health`)
    for (const url of serverUrls) await untilAnswers(`${url}/ready`)
  }
  await untilUp()
  return {
    vendors,
    teams: createTeamsSimulator({ clock: systemClock, token: deployed.teamsToken, journal: recorder.journal }),
    clients,
    bucket: deployed.bucket,
    queueUrls: deployed.queueUrls,
    cloud,
    endpoint,
    env,
    servers,
    serverUrls,
    findHosts: createHostFinder(bundles, folder),
    untilUp,
    async end() {
      await Promise.all([cloud, ...servers].map((each) => each.end()))
      for (const client of Object.values(clients)) client.destroy()
      await vendors.close()
    },
  }
}

/** What the person who runs this has set for AWS must not decide it. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|TICKETING|NODE)_/.test(name)))
}

/** Below the range that outgoing connections take theirs from: a port must be there again after each kill. */
async function findPort(random: Random): Promise<number> {
  for (;;) {
    const port = Math.floor(random.between(20_000, 30_000))
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}

const PATIENCE_MS = 120_000

async function untilAnswers(url: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS
  while (!(await answers(url))) {
    if (Date.now() > giveUpAt) throw new Error(`${url} did not answer within ${PATIENCE_MS / 1000} s`)
    await sleep(50)
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
