import { ListPoliciesCommand } from '@aws-sdk/client-iam'
import { ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda'
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import type { Testbed } from '@ticketing/testbed'
import { LANES, nameResources } from 'ticket-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deploymentSettings, eventually, runTicketing, startBed } from '../support/bed.ts'
import { deployOlderSystem, OLDER_PRIORITIES, sendOlderTicket } from '../support/older-system.ts'

const PREFIX = 'older'
const SECRET_ID = 'older-app'
const { bucket: BUCKET, lanes } = nameResources(PREFIX)

describe('a deployment of the older system, with ten queued tickets', () => {
  let bed: Testbed
  beforeAll(async () => {
    bed = await startBed({ laterPrefixes: [PREFIX] })
  })
  afterAll(() => bed.stop())

  const readSecret = async (SecretId: string): Promise<Record<string, string>> => {
    const { SecretString = '{}' } = await bed.clients.secretsManager.send(new GetSecretValueCommand({ SecretId }))
    const value: unknown = JSON.parse(SecretString)
    return { ...Object(value) }
  }
  const createSecret = (Name: string, values: object): Promise<unknown> =>
    bed.clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(values) }))

  it('is taken over: all ten arrive once, and nothing of it is left that is not needed', async () => {
    const { TRELLO_API_KEY = '', TRELLO_API_TOKEN = '', SLACK_URL = '', ...more } = await readSecret(bed.secretId)
    const { TRELLO_BOARD_ID, TRELLO_LIST_NAME } = more
    const secret = { TRELLO_API_KEY, TRELLO_API_TOKEN, SLACK_URL }
    await createSecret(SECRET_ID, { PREFIX, ...secret, TRELLO_BOARD_ID, TRELLO_LIST_NAME })
    const place = { prefix: PREFIX, region: 'us-east-1', accountId: '000000000000' }
    await deployOlderSystem(bed.clients, { ...place, secret, runtime: 'nodejs20.x' })
    const titles = Array.from({ length: 10 }, (_, number) => `Older ticket ${number}`)
    const priorities = ['Low', 'Medium', 'High'] as const
    for (const [number, title] of titles.entries()) {
      const priority = priorities[number % 3] ?? 'Low'
      const found = await bed.clients.sqs.send(
        new GetQueueUrlCommand({ QueueName: `${PREFIX}-${OLDER_PRIORITIES[priority]}` }),
      )
      await sendOlderTicket(bed.clients, { queueUrl: found.QueueUrl ?? '', title, priority })
    }

    const env = { ...(await deploymentSettings(bed)), TICKETING_SECRET_ID: SECRET_ID }
    const ticketing = (words: string): ReturnType<typeof runTicketing> => runTicketing(bed, words.split(' '), { env })
    const early = await ticketing('up')
    expect(early.output).toContain('TEAMS_HMAC_SECRET')
    expect(early.code).toBe(1)
    await createSecret(`${SECRET_ID}-intake`, await readSecret(`${bed.secretId}-intake`))
    const plan = await ticketing('plan')
    for (const line of [
      'update queue older-HP: it exists without our tags: made by the older system or by hand',
      'update bucket older-bucket: it exists without our tags: made by the older system or by hand',
      'attached older-LP-Policy-s3: (attached) -> (removed)',
      'version 1: (published) -> (removed)',
      'create function older-DLQ: it does not exist',
    ])
      expect(plan.said.map((each) => each.trim())).toContain(line)
    for (const hidden of Object.values(secret)) expect(plan.output).not.toContain(hidden)
    expect(await ticketing('up')).toMatchObject({ code: 0 })
    expect((await ticketing('plan')).said.at(-1)).toMatch(/^nothing to change/)

    const arrived = async (): Promise<string[]> => {
      const { Contents = [] } = await bed.clients.s3.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'tickets/' }),
      )
      const bodies = await Promise.all(
        Contents.map(async ({ Key }) => {
          const { Body } = await bed.clients.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
          return Body?.transformToString() ?? ''
        }),
      )
      return [...bodies, ...bed.trello.cards.map(({ name }) => name), ...bed.slack.messages.map(({ shown }) => shown)]
    }
    await eventually(bed, async () => {
      const places = await arrived()
      expect(titles.map((title) => places.filter((place) => place.includes(title)).length)).toEqual(titles.map(() => 1))
    })

    const { Policies = [] } = await bed.clients.iam.send(new ListPoliciesCommand({ Scope: 'Local' }))
    expect(Policies.map(({ PolicyName }) => PolicyName).filter((name) => name?.startsWith('older-'))).toEqual([
      'older-Boundary',
    ])
    for (const lane of LANES) {
      const FunctionName = lanes[lane].function
      const { Versions = [] } = await bed.clients.lambda.send(new ListVersionsByFunctionCommand({ FunctionName }))
      expect(Versions.map(({ Version }) => Version)).toEqual(['$LATEST'])
    }
    // What it delivered long ago is the people's.
    const { Contents = [] } = await bed.clients.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: '2024-' }))
    expect(Contents).toHaveLength(1)
  })
})
