import { join } from 'node:path'
import type { Clock } from 'ticket-core'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Simulator } from '../simulators/simulator.ts'
import { keepSimulatorState } from '../simulators/keep-state.ts'
import { listenSimulator, type ListeningSimulator } from '../simulators/listen-simulator.ts'
import { createSlackSimulator, type SlackOptions, type SlackSimulator } from '../slack/create-slack-simulator.ts'
import { createTrelloSimulator, type TrelloSimulator } from '../trello/create-trello-simulator.ts'
import { createWorkflowsSimulator, type WorkflowsSimulator } from '../teams/create-workflows-simulator.ts'
import { ADMIN_CHANNEL } from '../simulators/vendor-edge.ts'

export interface VendorOptions {
  readonly clock: Clock
  readonly journal: JournalWriter
  readonly directory?: string | undefined
  /** How callbacks reach us. @default the system's own */
  readonly fetch?: typeof fetch | undefined
  /** See `createSlackSimulator`. */
  readonly wait?: SlackOptions['wait']
  readonly ports: { readonly trello: number; readonly slack: number; readonly workflows?: number }
  /** @default '127.0.0.1' */
  readonly host?: string | undefined
  /** The host under which functions reach them, if it is not `host`: a container's name. */
  readonly reachedAs?: string | undefined
  /** More names under which clients may reach them. */
  readonly hostNames?: readonly string[] | undefined
  /** See `listenSimulator`. */
  readonly isReady?: (() => boolean) | undefined
}

/** Trello, Slack and Teams' Workflows on this machine. */
export interface Vendors {
  readonly trello: TrelloSimulator
  readonly slack: SlackSimulator
  readonly workflows: WorkflowsSimulator
  readonly trelloUrl: string
  /** Trello as a server on this machine reaches it; the functions of another cloud may know this machine by another name. */
  readonly trelloUrlHere: string
  readonly slackUrl: string
  /** Slack as a server on this machine reaches it. */
  readonly slackUrlHere: string
  /** The webhook of the admins' channel. */
  readonly adminSlackUrl: string
  /** As the functions reach them. */
  readonly slackWebhookUrl: string
  readonly workflowsUrl: string
  close(): Promise<void>
}

/** The vendors without a listener, for callers in this process. */
export function createVendors({
  clock,
  journal,
  directory,
  fetch = globalThis.fetch,
  wait,
}: Pick<VendorOptions, 'clock' | 'journal' | 'directory' | 'fetch' | 'wait'>): Vendors {
  const trello = createTrelloSimulator({ clock, journal, fetch })
  const slack = createSlackSimulator({ clock, journal, fetch, wait })
  const workflows = createWorkflowsSimulator({ clock, journal })
  const adminSlackUrl = slack.addWebhook(ADMIN_CHANNEL)
  const stopKeeping =
    directory === undefined ? () => {} : keepSimulatorState(join(directory, 'vendors'), [trello, slack, workflows])
  return {
    trello,
    slack,
    workflows,
    trelloUrl: trello.origin,
    trelloUrlHere: trello.origin,
    slackUrl: slack.origin,
    slackUrlHere: slack.origin,
    workflowsUrl: workflows.origin,
    adminSlackUrl,
    slackWebhookUrl: slack.webhookUrl,
    close: async () => {
      trello.close()
      slack.close()
      stopKeeping()
    },
  }
}

/** The vendors behind real listeners. */
export async function startVendors({
  ports,
  host,
  hostNames,
  reachedAs,
  isReady,
  ...options
}: VendorOptions): Promise<Vendors> {
  const vendors = createVendors(options)
  const { trello, slack, workflows } = vendors
  const listening: ListeningSimulator[] = []
  const close = async (): Promise<void> => {
    await vendors.close()
    await Promise.all(listening.map((each) => each.close()))
  }
  try {
    const start = async (simulator: Simulator): Promise<ListeningSimulator> => {
      const listener = await listenSimulator(simulator, {
        port: ports[simulator.name] ?? 0,
        ...(host !== undefined && { host }),
        hostNames: [...(reachedAs === undefined ? [] : [reachedAs]), ...(hostNames ?? [])],
        ...(isReady && { isReady }),
      })
      listening.push(listener)
      return listener
    }
    const urlOf = ({ url, port }: ListeningSimulator): string =>
      reachedAs === undefined ? url : `http://${reachedAs}:${port}`
    const ofTrello = await start(trello)
    const trelloUrl = urlOf(ofTrello)
    const ofSlack = await start(slack)
    const slackUrl = urlOf(ofSlack)
    const workflowsUrl = urlOf(await start(workflows))
    if (reachedAs === undefined) trello.openCardsAt(trelloUrl)
    slack.answerPressesAt(slackUrl)
    const adminSlackUrl = slack.at(slackUrl, vendors.adminSlackUrl)
    const slackWebhookUrl = slack.at(slackUrl)
    return {
      ...vendors,
      trelloUrl,
      trelloUrlHere: ofTrello.url,
      slackUrl,
      slackUrlHere: ofSlack.url,
      workflowsUrl,
      adminSlackUrl,
      slackWebhookUrl,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
