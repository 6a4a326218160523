import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand } from '@aws-sdk/client-sqs'
import { startLocalAws } from '@ticketing/local-aws'
import { type RunningServer, startServer } from '@ticketing/server'
import type { StackClients } from '@ticketing/stack'
import { createInProcessClients, createJournal, putSecret, startVendors, type Vendors } from '@ticketing/testbed'
import { systemClock as clock } from 'ticket-adapters/clock'
import { createMetrics } from 'ticket-adapters/metrics'
import { intakeSecretId, nameResources, WORK_LANES } from 'ticket-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type InProcessResult, runInProcess } from '../support/run-in-process.ts'

const SECRET_ID = 'ticketing-app'
const NO_SERVER = 'http://127.0.0.1:1'

let vendors: Vendors
let clients: StackClients
let server: RunningServer
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  const cloud = await startLocalAws()
  vendors = await startVendors({ clock, journal: createJournal({ clock }), ports: { trello: 0, slack: 0 } })
  clients = createInProcessClients({
    region: 'us-east-1',
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: cloud.requestHandler,
  })
  const { bucket, lanes } = nameResources('acme')
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }))
  for (const lane of WORK_LANES) await clients.sqs.send(new CreateQueueCommand({ QueueName: lanes[lane].queue }))
  await putSecret({ clients, vendors, prefix: 'acme', secretId: SECRET_ID })
  const started = await startServer({
    settings: {
      secretId: SECRET_ID,
      host: '127.0.0.1',
      port: 0,
      maxAgeMs: 300_000,
      escalateAfterMs: 900_000,
      logLevel: 'error',
      endpoint: cloud.endpoint,
    },
    clients,
    clock,
    log: { write: () => undefined },
    fetch,
    newNonce: () => randomUUID(),
    metrics: createMetrics(),
  })
  if (!started.ok) throw new Error(started.failure.lines.join(' '))
  server = started.value
  stops.push(
    () => server.close(),
    () => vendors.close(),
    () => cloud.close(),
  )
})
afterAll(async () => {
  for (const stop of stops) await stop()
})
beforeEach(async () => {
  for (const { id } of vendors.trello.webhooks) await callTrello('DELETE', id)
})

/** Calls the simulator as its owner would. */
async function callTrello(method: 'PUT' | 'DELETE', webhook: string, query = ''): Promise<void> {
  const { key, token } = vendors.trello
  const authorization = `OAuth oauth_consumer_key="${key}", oauth_token="${token}"`
  const answer = await fetch(`${vendors.trelloUrl}/1/webhooks/${webhook}${query}`, {
    method,
    headers: { authorization },
  })
  expect(answer.status).toBe(200)
}

function connect(publicUrl: string, env: Readonly<Record<string, string>> = {}): Promise<InProcessResult> {
  return runInProcess(['connect', '--endpoint', NO_SERVER, '--public-url', publicUrl], {
    cwd: tmpdir(),
    env: { TICKETING_TRELLO_URL: vendors.trelloUrl, ...env },
    clients,
  })
}

describe('ticketing connect', () => {
  it('makes the webhook of the board once, and says what to paste into Slack', async () => {
    const first = await connect(server.url)
    expect(first.output).toMatch(/^Trello: made the webhook \w{24} of board "Tickets"; it calls http:\S+\/trello$/m)
    expect(first.output).toMatch(/Request URL, and save:\n +http:\S+\/slack$/m)
    expect(first.code).toBe(0)
    const again = await connect(server.url)
    expect(again.output).toContain('Trello: the webhook is there: ')
    expect(vendors.trello.webhooks).toMatchObject([{ callbackURL: `${server.url}/trello`, active: true }])
  })

  it('enables a webhook that was switched off, and reports one with another address', async () => {
    await connect(server.url)
    const old = vendors.trello.addWebhook('https://old.example.com/trello')
    const [own] = vendors.trello.webhooks
    await callTrello('PUT', own?.id ?? '', '?active=false')
    const { output } = await connect(server.url)
    expect(output).toContain(`Trello: enabled the webhook ${own?.id}`)
    expect(output).toContain(`webhook ${old.id} of the same board calls https://old.example.com/trello`)
    expect(vendors.trello.webhooks[0]?.active).toBe(true)
  })

  it('says what to do when Trello does not reach the server', async () => {
    const { code, output } = await connect(`${server.url}/elsewhere`)
    expect(output).toMatch(/Trello asked http:\S+\/elsewhere\/trello and got 404 in place of 200\. The server must run/)
    expect(code).toBe(1)
    expect(vendors.trello.webhooks).toEqual([])
  })

  it('needs an address', async () => {
    const result = await runInProcess(['connect', '--endpoint', NO_SERVER], { cwd: tmpdir(), clients })
    expect(result.output).toContain('--public-url https://tickets.example.com')
    expect(result.code).toBe(2)
    const wrong = await connect('tickets.example.com')
    expect(wrong.output).toContain('--public-url is "tickets.example.com": it must be the address')
    expect(wrong.code).toBe(2)
  })

  it('shows no secret, also where Trello refuses the token', async () => {
    const refused = await connect(server.url, { TICKETING_TRELLO_URL: `${vendors.trelloUrl}/nothing` })
    expect(refused.code).toBe(1)
    const { key, token, apiSecret } = vendors.trello
    for (const secret of [key, token, apiSecret, vendors.slack.signingSecret])
      expect(refused.output + (await connect(server.url)).output).not.toContain(secret)
  })

  it('connects nothing without its keys, and names them', async () => {
    const TEAMS_HMAC_SECRET = Buffer.from('a token of one team, in 32 bytes').toString('base64')
    const SecretString = JSON.stringify({ TEAMS_HMAC_SECRET })
    await clients.secretsManager.send(new PutSecretValueCommand({ SecretId: intakeSecretId(SECRET_ID), SecretString }))
    const { code, output } = await connect(server.url)
    expect(output).toContain('TRELLO_API_SECRET is not in the secret ticketing-app-intake')
    expect(output).toContain('SLACK_SIGNING_SECRET is not in the secret ticketing-app-intake')
    expect(code).toBe(1)
    expect(vendors.trello.webhooks).toEqual([])
  })
})
