import { createServer } from 'node:http'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import {
  applyStack,
  describeStack,
  destroyStack,
  readCaller,
  type DesiredStack,
  type StackClients,
} from '@ticketing/stack'
import { zipSync } from 'fflate'
import { systemClock } from 'ticket-adapters/clock'

/** What a cloud makes of a Node function that is fed by a queue. */
export type FunctionProbe =
  /** It runs it, and the function reaches this machine by the name. */
  { readonly kind: 'runs'; readonly reachedAs: string } | { readonly kind: 'cannot'; readonly why: string }

/** The functions are made for this one. */
const NODE = 24
/** The public image of LocalStack pulls the functions' own image for the first one. */
const MAPPING_PATIENCE = 30_000

const HANDLER = `export const handler = async ({ Records }) => {
  const reached = []
  for (const host of process.env.PROBE_HOSTS.split(' ')) {
    const url = 'http://' + host + ':' + process.env.PROBE_PORT + (Records ? '/fed' : '/')
    try {
      if ((await (await fetch(url, { signal: AbortSignal.timeout(2000) })).text()) === 'here') reached.push(host)
    } catch {}
  }
  return { node: process.versions.node, reached }
}`

/**
 * Tries it: makes a queue that feeds a function, by the code that makes the real ones, calls the function, and waits for
 * what the queue makes it do. `hosts` are the names that it may reach this machine by. Leaves nothing.
 */
export async function probeFunctions(
  clients: StackClients,
  { prefix, hosts }: { readonly prefix: string; readonly hosts: readonly string[] },
): Promise<FunctionProbe> {
  const fed = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    response.end('here')
    if (request.url === '/fed') fed.resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const region = await clients.sqs.config.region()
  try {
    const desired = await describeProbe(clients, { prefix, region, hosts, port })
    const applied = await applyStack(desired, clients, { clock: systemClock })
    if (!applied.ok) return cannot(applied.failure.problems.map(({ problem }) => problem).join('; '))
    const { queue, function: name } = desired.names.lanes.low
    const called = await callProbe(clients, name)
    if (called.kind === 'cannot') return called
    await clients.sqs.send(
      new SendMessageCommand({ QueueUrl: applied.value.queueUrls[queue], MessageBody: 'Are you there?' }),
    )
    const isFed = await Promise.race([fed.promise.then(() => true), pause(MAPPING_PATIENCE).then(() => false)])
    return isFed ? called : cannot(`it feeds no function from a queue (waited ${MAPPING_PATIENCE / 1000} s)`)
  } finally {
    await destroyStack({ prefix, region }, clients, { clock: systemClock, data: 'delete' })
    server.closeAllConnections()
    server.close()
  }
}

async function callProbe({ lambda }: StackClients, name: string): Promise<FunctionProbe> {
  const { FunctionError: failed, Payload } = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{}' }))
  const text = Buffer.from(Payload ?? []).toString()
  if (failed !== undefined) return cannot(`a function fails there: ${text.slice(0, 300)}`)
  const answer: unknown = JSON.parse(text)
  if (typeof answer !== 'object' || answer === null || !('node' in answer) || !('reached' in answer))
    return cannot(`a function does not run there, but is answered for: ${text.slice(0, 300)}`)
  if (Number.parseInt(String(answer.node), 10) < NODE)
    return cannot(`it runs functions for Node ${NODE} on Node ${String(answer.node)}`)
  const [reachedAs]: unknown[] = Array.isArray(answer.reached) ? answer.reached : []
  if (typeof reachedAs !== 'string')
    return cannot('its functions do not reach this machine, where Trello and Slack are')
  return { kind: 'runs', reachedAs }
}

/** The part of a stack that one queue and one function need, with the probe for code. */
async function describeProbe(
  clients: StackClients,
  options: { prefix: string; region: string; hosts: readonly string[]; port: number },
): Promise<DesiredStack> {
  const { prefix, region, hosts, port } = options
  const caller = await readCaller(clients)
  if (!caller.ok) throw new Error(caller.failure.problem)
  const code = { zip: zipSync({ 'index.mjs': new TextEncoder().encode(HANDLER) }), handler: 'index.handler' }
  const desired = describeStack({
    prefix,
    region,
    accountId: caller.value.accountId,
    secretId: 'none',
    functions: { low: code, medium: code, high: code, news: code, events: code, dead: code },
    settings: { PROBE_HOSTS: hosts.join(' '), PROBE_PORT: String(port) },
  })
  const { low, dead } = desired.names.lanes
  return {
    ...desired,
    queues: desired.queues.filter(({ name }) => name === low.queue || name === dead.queue),
    roles: desired.roles.filter(({ name }) => name === low.role),
    functions: desired.functions.filter(({ name }) => name === low.function),
    mappings: desired.mappings.filter(({ functionName }) => functionName === low.function),
  }
}

function cannot(why: string): FunctionProbe {
  return { kind: 'cannot', why }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void systemClock.after(ms, resolve))
}
