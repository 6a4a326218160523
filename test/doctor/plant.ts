import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import type { Intercept } from '@ticketing/local-aws'
import { systemClock } from 'ticket-adapters/clock'
import { type Clock, intakeSecretId } from 'ticket-core'
import type { InProcessOptions } from '../support/run-in-process.ts'
import { copySecret, type DoctorBed, SECRET_ID } from './doctor-bed.ts'

/** What `doctor` is run with while the fault is there, and how it is taken away. */
export interface Planted {
  readonly args?: readonly string[]
  readonly options?: Partial<InProcessOptions>
  readonly undo?: () => Promise<unknown>
}

/** Something wrong with a deployment, and the names of the checks that must say so, and no others. */
export interface PlantedFault {
  readonly what: string
  readonly wrong: readonly string[]
  readonly plant: (bed: DoctorBed) => Promise<Planted>
}

export const SCOPE = { prefix: 'acme', region: 'us-east-1', accountId: '000000000000', secretId: SECRET_ID }
export const INTAKE = intakeSecretId(SECRET_ID)
export const OTHER_TOKEN = Buffer.from('another token, also of 32 bytes.').toString('base64')
const up = (bed: DoctorBed) => (): Promise<unknown> => bed.run(['up'])

/** A value of a secret is changed, and put back. */
export const secretFault = (
  what: string,
  changes: Readonly<Record<string, string | undefined>>,
  { wrong, secretId }: { readonly wrong: readonly string[]; readonly secretId?: string },
): PlantedFault => ({
  what,
  wrong,
  plant: async (bed) => ({ undo: await bed.changeSecret(changes, secretId) }),
})

/** A resource is changed by hand; `up` puts it right. */
export const resourceFault = (
  what: string,
  wrong: readonly string[],
  change: (bed: DoctorBed) => Promise<unknown>,
): PlantedFault => ({
  what,
  wrong,
  plant: async (bed) => {
    await change(bed)
    return { undo: up(bed) }
  },
})

/** Lambda says something else of its functions. */
export const lambdaSays = (what: string, wrong: readonly string[], intercept: Intercept): PlantedFault => ({
  what,
  wrong,
  plant: async (bed) => {
    bed.intercept(intercept)
    return { undo: async () => bed.intercept(undefined) }
  },
})

/** Another address: the board's webhook calls the right one, so it is wrong, too. */
export const addressFault = (
  what: string,
  wrong: readonly string[],
  open: (bed: DoctorBed) => Promise<{ readonly url: string; readonly close?: () => Promise<unknown> }>,
): PlantedFault => ({
  what,
  wrong: [...wrong, 'trello-webhook'],
  plant: async (bed) => {
    const { url, close } = await open(bed)
    return { args: ['--public-url', url], ...(close && { undo: close }) }
  },
})

/** A server beside the healthy one, whose secret differs. */
export const otherServer = (
  what: string,
  wrong: readonly string[],
  changes: Readonly<Record<string, string | undefined>>,
): PlantedFault =>
  addressFault(what, wrong, async (bed) => {
    await copySecret(bed, 'other-app', changes)
    const server = await bed.startServer({}, 'other-app')
    return { url: server.url, close: () => server.close() }
  })

export async function mappingOf({ clients }: DoctorBed, FunctionName: string): Promise<string> {
  const { EventSourceMappings = [] } = await clients.lambda.send(new ListEventSourceMappingsCommand({ FunctionName }))
  return EventSourceMappings[0]?.UUID ?? ''
}

export async function queueUrl({ clients }: DoctorBed, QueueName: string): Promise<string> {
  return (await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? ''
}

export function storeOf({ clients }: DoctorBed, clock: Clock = systemClock) {
  return { client: clients.s3, bucket: 'acme-bucket', clock }
}

export async function removeObject({ clients }: DoctorBed, Key: string): Promise<void> {
  await clients.s3.send(new DeleteObjectCommand({ Bucket: 'acme-bucket', Key }))
}
