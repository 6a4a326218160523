import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { installedEgressGuard } from '@ticketing/testbed/egress'
import { createDeadLetterArchive, createIndexStore, createLedger } from 'ticket-adapters/s3'
import { systemClock } from 'ticket-adapters/clock'
import { indexKeysOf, newCase, type Ticket } from 'ticket-core'
import { buildLetter, buildRecord, buildTicket } from '../support/records.ts'
import { answerOtherwise, type DoctorBed } from './doctor-bed.ts'
import {
  addressFault,
  otherServer,
  OTHER_TOKEN,
  type Planted,
  type PlantedFault,
  queueUrl,
  removeObject,
  secretFault,
  storeOf,
} from './plant.ts'

/** Trello, Slack, Workflows. */
export const ofVendors: readonly PlantedFault[] = [
  {
    what: 'the token of Trello was revoked',
    wrong: ['trello-token'],
    plant: async (bed) => {
      const { trello } = bed.vendors
      const token = trello.addToken()
      const undo = await bed.changeSecret({ TRELLO_API_TOKEN: token })
      trello.revokeToken(token)
      return { undo }
    },
  },
  {
    what: 'the token of Trello may only read',
    // The webhook is of another token: this one has none.
    wrong: ['trello-token', 'trello-webhook'],
    plant: async (bed) => ({ undo: await bed.changeSecret({ TRELLO_API_TOKEN: bed.vendors.trello.addToken('read') }) }),
  },
  secretFault('the board is not there', { TRELLO_BOARD_ID: '5f00000000000000000000ff' }, { wrong: ['trello-board'] }),
  {
    what: 'the list of new cards was archived',
    wrong: ['trello-list'],
    plant: async (bed) => {
      const { trello } = bed.vendors
      const list = trello.addList(trello.boardId, 'Old')
      trello.archiveList(list.id)
      return { undo: await bed.changeSecret({ TRELLO_LIST_NAME: 'Old' }) }
    },
  },
  secretFault(
    'the list of done cards was renamed',
    { TRELLO_DONE_LIST_NAME: 'Ready' },
    { wrong: ['trello-done-list'] },
  ),
  {
    what: 'Trello has switched the webhook off',
    wrong: ['trello-webhook'],
    plant: (bed) => changeWebhook(bed, { active: false }),
  },
  {
    what: 'the last callbacks of Trello failed',
    wrong: ['trello-webhook'],
    plant: (bed) => changeWebhook(bed, { consecutiveFailures: 3 }),
  },
  {
    what: "Slack's webhook was removed",
    wrong: ['slack'],
    plant: async (bed) => {
      const { slack, slackUrl } = bed.vendors
      const url = slack.addWebhook('removed')
      slack.revokeWebhook(url)
      return { undo: await bed.changeSecret({ SLACK_URL: slack.at(slackUrl, url) }) }
    },
  },
  {
    what: "the admins' channel was archived",
    wrong: ['slack-admin'],
    plant: async (bed) => {
      const { slack, slackUrl } = bed.vendors
      const url = slack.addWebhook('old-admins')
      slack.setChannel('old-admins', 'archived')
      return { undo: await bed.changeSecret({ ADMIN_SLACK_URL: slack.at(slackUrl, url) }) }
    },
  },
  secretFault(
    'the flow has an address that Microsoft switched off',
    {
      TEAMS_NOTIFY_URL: 'https://prod-01.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=s',
    },
    { wrong: ['workflows'] },
  ),
]

async function changeWebhook({ vendors: { trello } }: DoctorBed, change: object): Promise<Planted> {
  const before = trello.save()
  const state: { webhooks: object[] } = JSON.parse(before)
  trello.restore(JSON.stringify({ ...state, webhooks: state.webhooks.map((one) => Object.assign(one, change)) }))
  return { undo: async () => trello.restore(before) }
}

/** The public address, and what answers there. */
export const ofAddress: readonly PlantedFault[] = [
  // No test asks a name server: the guard refuses, as a name server does.
  addressFault('the name has no address', ['address'], async () => ({
    url: 'http://tickets.invalid',
    close: async () => installedEgressGuard()?.take(),
  })),
  addressFault('there is no TLS where https should be', ['address'], async (bed) => ({
    url: bed.server.url.replace('http:', 'https:'),
  })),
  addressFault('nothing answers', ['address'], async () => ({ url: 'http://127.0.0.1:1' })),
  addressFault('the tunnel is not open', ['health'], async () => {
    const ngrok = await answerOtherwise(404, { 'ngrok-error-code': 'ERR_NGROK_3200' })
    return { url: ngrok.url, close: async () => ngrok[Symbol.asyncDispose]() }
  }),
  addressFault('something else answers', ['health'], async () => {
    const other = await answerOtherwise(200, { 'content-type': 'text/html' })
    return { url: other.url, close: async () => other[Symbol.asyncDispose]() }
  }),
  addressFault('the server is going down', ['ready'], async (bed) => {
    const server = await bed.startServer()
    server.retire()
    return { url: server.url, close: () => server.close() }
  }),
  otherServer('the server reads another secret', ['self-test'], { TEAMS_HMAC_SECRET: OTHER_TOKEN }),
  otherServer('the server does not know what Slack signs with', ['callbacks'], { SLACK_SIGNING_SECRET: undefined }),
  addressFault('the server is of another release', ['release'], async (bed) => {
    const server = await bed.startServer({ release: '0123456789ab' })
    return { url: server.url, close: () => server.close() }
  }),
]

/** Tickets that do not arrive. */
export const ofTickets: readonly PlantedFault[] = [
  {
    what: 'a dead letter waits',
    wrong: ['dead-letters'],
    plant: async (bed) => {
      const letter = buildLetter(1)
      await createDeadLetterArchive(storeOf(bed)).write(letter.key, letter, 'absent')
      return { undo: () => removeObject(bed, `dead-letters/${letter.key}.json`) }
    },
  },
  {
    what: 'a message is in the dead-letter queue',
    wrong: ['dead-letter-queue'],
    plant: async (bed) => {
      const QueueUrl = await queueUrl(bed, 'acme-DLQ')
      await bed.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }))
      return { undo: () => bed.clients.sqs.send(new PurgeQueueCommand({ QueueUrl })) }
    },
  },
  {
    what: 'a ticket has waited for an hour',
    wrong: ['backlog'],
    plant: async (bed) => {
      const at = systemClock.now() - 3_600_000
      const ticket: Ticket = { ...buildTicket('medium', 7), teamId: 'team-1', createdAt: new Date(at).toISOString() }
      const record = buildRecord(buildLetter(7, { ticket }), { state: 'waiting', firstClaimAt: at })
      await createLedger({ ...storeOf(bed), lane: 'medium' }).write(ticket.id, record, 'absent')
      const keys = indexKeysOf(newCase(ticket, 'n0'))
      for (const key of keys) await createIndexStore(storeOf(bed)).put(key)
      return {
        undo: async () => {
          for (const key of [...keys, `ledger/medium/${ticket.id}.json`]) await removeObject(bed, key)
        },
      }
    },
  },
]
