import {
  AwsError,
  ConnectionLost,
  createLocalAws,
  createVirtualClock,
  type Intercept,
  openStore,
  type SdkClient,
  useInProcessTransport,
  type VirtualClock,
} from '@ticketing/local-aws'
import { strToU8, zipSync } from 'fflate'
import { onTestFinished } from 'vitest'
import { createStackClients, type StackClients, type StackDescription } from '../src/index.ts'

const ACCOUNT = '000000000000'

/** Time passes while `clock.runUntilSettled` waits for the stack: soon, since nothing here waits for the machine. */
export const clock: VirtualClock = createVirtualClock(Date.UTC(2026, 10, 24, 10), { realPatienceMs: 50 })

export interface TestAccount {
  readonly clients: StackClients
  /** `service:Operation` of every call so far, in order. */
  readonly calls: string[]
  /** The next call of this operation gets this error instead of its answer. */
  failNext(operation: string, code: string, message?: string): void
  /** Answers the calls from now on in the account's place; `undefined`: the account answers again. */
  intercept(answer: Intercept | undefined): void
  /** Everything in it, for another one to begin with. */
  image(): Uint8Array
  /** Ends it before its test does: its event source mappings cost time. */
  close(): Promise<void>
}

/**
 * An AWS account in this process, without a socket, gone when the test is over: empty, or as another one was when its
 * image was taken. Its functions are never run.
 */
export function startAccount(image?: Uint8Array): TestAccount {
  const store = openStore(':memory:')
  if (image) store.deserialize(image)
  const calls: string[] = []
  let answer: Intercept | undefined
  const failures: { operation: string; code: string; message: string }[] = []
  const aws = createLocalAws({
    clock,
    store,
    intercept: async (call, input, run) => {
      const { service, operation, caller } = call
      // Event source mappings call with the functions' roles.
      if (caller.roleName !== undefined) return run()
      calls.push(`${service}:${operation}`)
      const index = failures.findIndex((failure) => failure.operation === operation)
      const [failure] = index < 0 ? [] : failures.splice(index, 1)
      if (failure) throw new AwsError(failure.code, failure.message)
      return answer ? answer(call, input, run) : run()
    },
  })
  const clients = createStackClients({
    endpoint: 'http://cloud.internal',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: aws.requestHandler,
    maxAttempts: 1,
  })
  for (const client of Object.values<SdkClient>({ ...clients })) useInProcessTransport(client)
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= clock.runUntilSettled(aws.close()).then(() => store.close()))
  onTestFinished(close)
  return {
    clients,
    calls,
    failNext: (operation, code, message = code) => failures.push({ operation, code, message }),
    intercept: (next) => void (answer = next),
    image: () => store.serialize(),
    close,
  }
}

/** How a run is interrupted at one of its calls. Killed before a call is the same as killed after the one before. */
export type Interruption = 'the call is refused' | 'the process is killed after the call'
export const INTERRUPTIONS: readonly Interruption[] = ['the call is refused', 'the process is killed after the call']

/** Interrupts a run at its call number `at`, from 1. No call of a killed process reaches the account any more. */
export function interruptAt(at: number, how: Interruption): Intercept {
  let count = 0
  return async (_call, _input, run) => {
    count += 1
    if (count < at) return run()
    if (how === 'the call is refused') {
      if (count === at) throw new AwsError('Refused', 'this call is refused')
      return run()
    }
    if (count === at) await run()
    throw new ConnectionLost()
  }
}

/** True for the name of a call that changes nothing, such as `sqs:GetQueueUrl`. */
export function onlyReads(call: string): boolean {
  return /:(Get|List|Head|Describe)/.test(call)
}

/** A function's code that differs only by this text. */
export function codeOf(text: string): { zip: Uint8Array; handler: string } {
  const source = strToU8(`export const handler = async () => ${JSON.stringify(text)}\n`)
  return { zip: zipSync({ 'index.mjs': source }, { mtime: '2026-01-01' }), handler: 'index.handler' }
}

/** The description of all tests; each test changes one thing of it. */
export function description(changes: Partial<StackDescription> = {}): StackDescription {
  const code = codeOf('first')
  return {
    prefix: 'acme',
    region: 'us-east-1',
    accountId: ACCOUNT,
    secretId: 'ticketing-app',
    secretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:ticketing-app-AbCdEf',
    functions: { low: code, medium: code, high: code, news: code, events: code, dead: code },
    ...changes,
  }
}
