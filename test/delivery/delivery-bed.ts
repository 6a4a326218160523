import { DeleteBucketPolicyCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { createClose, createRedrive } from '@ticketing/dead-letters'
import {
  createDeadHandler,
  createEventsHandler,
  createHighHandler,
  createLowHandler,
  createMediumHandler,
  createNewsHandler,
} from '@ticketing/lambdas'
import { type FunctionMaker, startTestbed, type VirtualTestbed } from '@ticketing/testbed'
import { createCaseStore, createDeadLetterArchive, createLedgers } from 'ticket-adapters/s3'
import { createEnvelopeSender } from 'ticket-adapters/sqs'
import {
  type DeadLetter,
  type Effect,
  type Lane,
  type LedgerRecord,
  type Ticket,
  type TicketEvent,
  addEvent,
  effectsOf,
  laneOfPlace,
  LANES,
  nameResources,
  writeEffect,
} from 'ticket-core'
import { envelopeOf } from '../support/records.ts'
import { listKeys, operatorClients } from '../support/bed.ts'

/** Retries come after their longest wait: a test can say when. */
const withoutJitter =
  (make: FunctionMaker): FunctionMaker =>
  (runtime) =>
    make({ ...runtime, jitter: () => 1 })

const FUNCTIONS = {
  low: withoutJitter(createLowHandler),
  medium: withoutJitter(createMediumHandler),
  high: withoutJitter(createHighHandler),
  news: withoutJitter(createNewsHandler),
  events: withoutJitter(createEventsHandler),
  dead: withoutJitter(createDeadHandler),
}

/** What became of a batch: `back` messages stay in the queue. A function that ended early returns all of them. */
interface Ran {
  readonly kind: 'answered' | 'ended-early' | 'idle'
  readonly back: number
}

/** The testbed, whose functions run only when a test says so: its event source mappings are disabled. */
export interface DeliveryBed extends VirtualTestbed {
  send(lane: Lane, body: string, attributes?: Readonly<Record<string, string>>): Promise<void>
  /** Lets the function of a lane take one batch. Time passes only while the function waits. */
  run(lane: Lane, options?: { readonly timeoutSeconds?: number }): Promise<Ran>
  /** Adds an event to its ticket's case, and sends what it causes to the lanes. */
  addEvent(event: TicketEvent): Promise<readonly Effect[]>
  record(id: string): Promise<LedgerRecord | undefined>
  /** What an effect came to. */
  effect(name: string): Promise<LedgerRecord | undefined>
  letter(key: string): Promise<DeadLetter | undefined>
  /** The keys of the archived dead letters. */
  letters(): Promise<readonly string[]>
  objects(prefix: string): Promise<readonly string[]>
  object(key: string): Promise<string | undefined>
  /** Puts any text under any key, as a function of ours should not: without the bucket's policy, which forbids it. */
  put(key: string, text: string): Promise<void>
  readonly redrive: ReturnType<typeof createRedrive>
  closeLetter(key: string, because: string): ReturnType<ReturnType<typeof createClose>>
}

export async function startDeliveryBed(): Promise<DeliveryBed> {
  const bed = await startTestbed({ clock: 'virtual', functions: FUNCTIONS })
  const { clock, journal, clients } = bed
  const { lambda, s3, sqs } = clients
  const { lanes, bucket: Bucket } = nameResources(bed.prefix)
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}))
  const enable = async (lane: Lane, Enabled: boolean): Promise<void> => {
    const mapping = EventSourceMappings.find(({ FunctionArn = '' }) => FunctionArn.endsWith(`:${lanes[lane].function}`))
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }))
  }
  for (const lane of LANES) await enable(lane, false)

  const timeouts = new Map<Lane, number>()
  const setTimeoutOf = async (lane: Lane, Timeout: number): Promise<void> => {
    if ((timeouts.get(lane) ?? 30) === Timeout) return
    timeouts.set(lane, Timeout)
    const FunctionName = lanes[lane].function
    await clock.runUntilSettled(lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout })))
  }

  const operator = operatorClients(bed)
  const store = { client: operator.s3, bucket: bed.bucket, clock }
  let nonces = 0
  const ports = {
    archive: createDeadLetterArchive(store),
    ledgers: createLedgers(store),
    clock,
    log: { write: () => undefined },
    newNonce: () => `operator-${(nonces += 1)}`,
  }
  const cases = createCaseStore(store)
  const addToCase = async (event: TicketEvent): Promise<readonly Effect[]> => {
    const found = await cases.read(event.ticket)
    if (found.kind !== 'found') throw new Error(`there is no case of ${event.ticket}`)
    const known = addEvent(found.item, event, ports.newNonce())
    await cases.write(event.ticket, known, { version: found.version })
    return effectsOf(event, known)
  }
  const urlOf = (lane: Lane): string => bed.queueUrls[lanes[lane].queue] ?? ''
  const queueUrls = {
    low: urlOf('low'),
    medium: urlOf('medium'),
    high: urlOf('high'),
    news: urlOf('news'),
    events: urlOf('events'),
  }
  const redrive = createRedrive({
    ...ports,
    cases,
    send: createEnvelopeSender({ client: operator.sqs, queueUrls, clock }),
  })
  const close = createClose(ports)

  const send: DeliveryBed['send'] = async (lane, MessageBody, attributes = {}) => {
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    )
    await sqs.send(new SendMessageCommand({ QueueUrl: urlOf(lane), MessageBody, MessageAttributes }))
  }
  const object: DeliveryBed['object'] = async (Key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key })).catch(() => ({ Body: undefined }))
    return Body?.transformToString()
  }

  return {
    ...bed,
    send,
    async run(lane, { timeoutSeconds = 30 } = {}) {
      await setTimeoutOf(lane, timeoutSeconds)
      const batches = (kind: string): number => journal.count({ source: 'lambda', kind })
      const count = batches('batch-started') + 1
      await enable(lane, true)
      await clock.settle()
      await enable(lane, false)
      if (batches('batch-started') < count) return { kind: 'idle', back: 0 }
      const { detail } = await journal.until({ source: 'lambda', kind: 'batch-ended' }, { count })
      return { kind: detail['reason'] === undefined ? 'answered' : 'ended-early', back: Number(detail['failed']) }
    },
    async addEvent(event) {
      const effects = await clock.runUntilSettled(addToCase(event))
      for (const effect of effects) await send(laneOfPlace(effect.place), writeEffect({ effect, life: 0 }))
      return effects
    },
    async effect(name) {
      const key = (await listKeys(bed, 'ledger/')).find((one) => one.endsWith(`/${name}.json`))
      return key === undefined ? undefined : JSON.parse((await object(key)) ?? '')
    },
    async record(id) {
      const stored = await bed.ledger.read(id)
      return stored.kind === 'found' ? stored.item : undefined
    },
    async letter(key) {
      const stored = await bed.archive.read(key)
      return stored.kind === 'found' ? stored.item : undefined
    },
    letters: async () =>
      (await listKeys(bed, 'dead-letters/')).map((key) => key.slice('dead-letters/'.length, -'.json'.length)),
    objects: (prefix) => listKeys(bed, prefix),
    object,
    async put(Key, Body) {
      await s3.send(new DeleteBucketPolicyCommand({ Bucket }))
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }))
    },
    redrive: (key, options) => clock.runUntilSettled(redrive(key, options)),
    closeLetter: (key, because) => clock.runUntilSettled(close(key, { because })),
  }
}

/** A dead ticket is archived, and the function is killed before its record says so. */
export async function archiveWithoutRecord(bed: DeliveryBed, ticket: Ticket): Promise<void> {
  await bed.send('dead', envelopeOf(ticket), { code: 'trello-400', reason: 'refused' })
  await runUntilLedger(bed)
}

/** The function for dead letters is killed when it has archived one, before it writes the ledger. */
export function runUntilLedger(bed: DeliveryBed): Promise<Ran> {
  bed.faults.add({
    at: 'function.dead',
    kind: 'killed',
    when: 'before',
    call: 's3.putObject',
    text: 'ledger/',
    times: 1,
  })
  return bed.run('dead')
}
