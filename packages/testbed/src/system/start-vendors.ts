import { join } from 'node:path'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { keepSimulatorState } from '../simulators/keep-state.ts'
import { listenSimulator, PortInUse } from '../simulators/listen-simulator.ts'
import type { ListeningSimulator } from '../simulators/listen-simulator.ts'
import { createSlackSimulator } from '../slack/create-slack-simulator.ts'
import type { SlackSimulator } from '../slack/create-slack-simulator.ts'
import { createTrelloSimulator } from '../trello/create-trello-simulator.ts'
import type { TrelloSimulator } from '../trello/create-trello-simulator.ts'
import { AddressInUse } from './address-in-use.ts'

export interface VendorOptions {
  readonly clock: Clock
  readonly journal: JournalWriter
  readonly directory?: string | undefined
  readonly ports: { readonly trello: number; readonly slack: number }
  /** @default '127.0.0.1' */
  readonly host?: string | undefined
}

/** Trello and Slack on this machine, behind real listeners: functions run in processes of their own. */
export interface Vendors {
  readonly trello: TrelloSimulator
  readonly slack: SlackSimulator
  readonly trelloUrl: string
  readonly slackUrl: string
  /** The admin's webhook, in a channel of its own. */
  readonly adminSlackUrl: string
  /** As the functions reach them. */
  readonly slackWebhookUrl: string
  close(): Promise<void>
}

const ADMIN_CHANNEL = 'ticket-admins'

export async function startVendors({ clock, journal, directory, ports, host }: VendorOptions): Promise<Vendors> {
  const trello = createTrelloSimulator({ clock, journal })
  const slack = createSlackSimulator({ clock, journal })
  const admin = slack.addWebhook(ADMIN_CHANNEL)
  const stopKeeping =
    directory === undefined ? () => {} : keepSimulatorState(join(directory, 'vendors'), [trello, slack])
  const listening: ListeningSimulator[] = []
  const close = async (): Promise<void> => {
    stopKeeping()
    await Promise.all(listening.map((each) => each.close()))
  }
  try {
    const start = async (simulator: Simulator, who: 'trello' | 'slack'): Promise<string> => {
      const listener = await listenOn(simulator, who, { port: ports[who], ...(host !== undefined && { host }) })
      listening.push(listener)
      return listener.url
    }
    const trelloUrl = await start(trello, 'trello')
    const slackUrl = await start(slack, 'slack')
    const adminSlackUrl = slack.at(slackUrl, admin)
    return { trello, slack, trelloUrl, slackUrl, adminSlackUrl, slackWebhookUrl: slack.at(slackUrl), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listenOn(
  simulator: Simulator,
  who: 'trello' | 'slack',
  at: { port: number; host?: string },
): Promise<ListeningSimulator> {
  try {
    return await listenSimulator(simulator, at)
  } catch (error) {
    throw error instanceof PortInUse ? new AddressInUse(who, error.port, error) : error
  }
}
