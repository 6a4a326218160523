import {
  createDeadHandler,
  createEventsHandler,
  createHighHandler,
  createLowHandler,
  createMediumHandler,
  createNewsHandler,
  type FunctionRuntime,
  type QueueHandler,
} from '@ticketing/lambdas'
import type { InlineFunction } from '@ticketing/local-aws'
import { createAwsClients } from 'ticket-adapters/aws'
import type { ProcessName } from '../faults/edge.ts'
import { LANES, nameResources, type Lane } from 'ticket-core'
import { runAs, simulateProcess, type ProcessPorts, type SimulatedProcess } from '../processes/simulated-process.ts'
import { withoutWire } from './without-wire.ts'
import type { Random } from './random.ts'

/** Makes the handler of a function from its runtime. */
export type FunctionMaker = (runtime: FunctionRuntime) => QueueHandler

/** Functions to run in place of ours. */
export type FunctionMakers = Readonly<Partial<Record<Lane, FunctionMaker>>>

/** The makers of our own handlers. */
export const FUNCTION_MAKERS: Required<FunctionMakers> = {
  low: createLowHandler,
  medium: createMediumHandler,
  high: createHighHandler,
  news: createNewsHandler,
  events: createEventsHandler,
  dead: createDeadHandler,
}

/** The functions by their names in the stack. Each execution environment is a simulated process. */
export function createInlineFunctions(options: {
  /** Of the stack, and those that it gets later. */
  readonly prefixes: readonly string[]
  readonly portsOf: (process: ProcessName) => ProcessPorts
  readonly random: Random
  readonly reportViolation: SimulatedProcess['reportViolation']
  /** Run in place of ours. */
  readonly replaced?: FunctionMakers | undefined
}): Readonly<Record<string, InlineFunction>> {
  const { prefixes, portsOf, random, reportViolation, replaced } = options
  const makers = { ...FUNCTION_MAKERS, ...replaced }
  const named = prefixes.flatMap((prefix) => {
    const { lanes } = nameResources(prefix)
    return LANES.map((lane) => ({ lane, name: lanes[lane].function }))
  })
  return Object.fromEntries(
    named.map(({ lane, name }): [string, InlineFunction] => [
      name,
      ({ variables, log, exit, ended }) => {
        const process = simulateProcess(`function.${lane}`, portsOf(`function.${lane}`), {
          exit,
          ended,
          reportViolation,
        })
        const handle = makers[lane]({
          env: variables,
          clock: process.clock,
          fetch: process.fetch,
          clients: withoutWire(
            createAwsClients({
              region: variables['AWS_REGION'] ?? '',
              endpoint: variables['AWS_ENDPOINT_URL'] ?? '',
              credentials: credentialsOf(variables),
              requestHandler: process.requestHandler,
            }),
          ),
          writeLine: (line) => {
            if (!process.isStopped()) log(line.trimEnd())
          },
          newNonce: () => random.uuid(),
          jitter: () => random.next(),
        })
        return (event, context) => runAs(process, () => handle(event, context))
      },
    ]),
  )
}

function credentialsOf(variables: Readonly<Record<string, string>>): {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
} {
  return {
    accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: variables['AWS_SESSION_TOKEN'] ?? '',
  }
}
