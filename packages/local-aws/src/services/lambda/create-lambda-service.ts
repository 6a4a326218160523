import { randomUUID } from 'node:crypto'
import type { FunctionRights } from '../../authorization/function-rights.ts'
import type { Clock } from '../../clock.ts'
import type { Observe } from '../../events.ts'
import type { Executor } from '../../executors/executor.ts'
import type { CloudRequest, CloudResponse } from '../../http.ts'
import type { Service } from '../../service.ts'
import { sqlOf } from '../../sql.ts'
import type { Store } from '../../store.ts'
import { answerFunctionUrl } from './answer-function-url.ts'
import { createAsyncEvents } from './async-events.ts'
import { createFunctionTable, type FunctionTable } from './function-table.ts'
import { findTarget, readFunctionArn } from './function-name.ts'
import { invoke } from './invoke-operation.ts'
import type { LambdaContext } from './lambda-context.ts'
import { lambdaOperations } from './lambda-operations.ts'
import { openLambdaTables } from './lambda-tables.ts'
import { createMappingRunner } from './mapping-runner.ts'
import type { OpenQueue } from './direct-queue.ts'
import type { InvokeFunction } from '../events/run-schedules.ts'
import { createFunctionRunner } from './run-function.ts'

export interface LambdaServiceOptions {
  readonly store: Store
  readonly clock: Clock
  readonly executor: Executor
  /** How event source mappings reach their queues. */
  readonly openQueue: OpenQueue
  /** Checks functions' roles and callers of their URLs. @default everything is allowed */
  readonly rights?: FunctionRights
  readonly observe?: Observe
  /** @default random UUIDs */
  readonly newId?: () => string
}

/** Lambda, with its background work. */
export interface LambdaService {
  readonly service: Service
  /** Takes an event that another service sends to a function; the reason if it does not. */
  readonly invoke: InvokeFunction
  /** Starts the stored mappings and resumes accepted events. Call it when the cloud can answer. */
  start(): void
  /** Stops receiving and waits for running invocations. */
  stop(): Promise<void>
}

const ALL_RIGHTS: FunctionRights = {
  mayAssume: () => true,
  missingPermission: () => undefined,
  mayCallUrl: () => true,
  mayInvoke: () => true,
}

/** Lambda on an executor: functions, versions, aliases, invocations, URLs, event source mappings. */
export function createLambdaService(options: LambdaServiceOptions): LambdaService {
  const { store, clock, executor, openQueue, rights = ALL_RIGHTS, observe = () => undefined } = options
  openLambdaTables(store)
  const sql = sqlOf(store)
  const functions = createFunctionTable(sql)
  const context: LambdaContext = {
    sql,
    clock,
    newId: options.newId ?? randomUUID,
    observe,
    executor,
    functions,
    rights,
    functionChanged: (region, name) => mappings.functionChanged(region, name),
  }
  const runner = createFunctionRunner(context)
  const targetOf = (named: { region: string; functionName: string; qualifier: string | undefined }) =>
    findTarget(context, { region: named.region, name: named.functionName, qualifier: named.qualifier })
  const mappings = createMappingRunner({
    context,
    runner,
    openQueue,
    findTarget: targetOf,
  })
  const events = createAsyncEvents({ context, runner, findTarget: (event) => findTarget(context, event) })
  return {
    service: {
      name: 'lambda',
      operations: {
        ...lambdaOperations({ context, mappings, openQueue }),
        Invoke: (input, call) => invoke({ context, runner, events }, input, call),
      },
      answer: (request) =>
        answerCode(request, functions) ?? answerFunctionUrl({ context, runner, findTarget: targetOf }, request),
    },
    invoke(event) {
      if (!rights.mayInvoke(event)) return `${event.service} may not invoke it`
      const { region, name, qualifier } = readFunctionArn(event.functionArn)
      if (!findTarget(context, { region, name, qualifier })) return 'the function does not exist'
      events.accept({ id: context.newId(), region, name, qualifier, payload: event.payload })
      return undefined
    },
    start() {
      mappings.start()
      events.start()
    },
    async stop() {
      await Promise.all([mappings.stop(), events.stop()])
    },
  }
}

/** `Code.Location` of GetFunction: AWS gives a presigned address of the zip, this cloud one of its own. */
function answerCode({ method, target }: CloudRequest, functions: FunctionTable): CloudResponse | undefined {
  const [, hex] = /^\/_lambda\/code\/([0-9a-f]{64})\.zip$/.exec(target) ?? []
  if (method !== 'GET' || hex === undefined) return undefined
  const body = functions.findZip(Buffer.from(hex, 'hex').toString('base64'))
  if (!body)
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode('no such code\n') }
  return { status: 200, headers: { 'content-type': 'application/zip' }, body }
}
