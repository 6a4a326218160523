import { randomUUID } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { nameRelease } from '@ticketing/lambdas'
import { callbackUrls, readHealth } from '@ticketing/server'
import type { StackStatus } from '@ticketing/stack'
import { prepareKeyRing, signBody, splitToken } from 'ticket-core'
import { isPlaceholder } from '../init/keys.ts'
import { type Finding, notChecked, ok, unlessUnavailable, wrong } from './check.ts'
import type { Facts } from './facts.ts'

/** Milliseconds for one request. */
const TIMEOUT = 8000

/** What one request to the server gave. */
type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'failed'; readonly code: string }

/** The address, and what answers there: each line only where the one before it is right. */
export async function checkAddress(facts: Facts): Promise<readonly Finding[]> {
  const address = await facts.address()
  const unreachable = await findAddressProblem(address, facts)
  if (unreachable) return [unreachable]
  const health = await ask(facts, `${address}/health`)
  if (health.kind === 'failed') return [explainNetwork(health.code, address)]
  const reached = ok('address', `${address} answers`)
  const own = judgeHealth(health, address)
  if (own.status !== 'ok') return [reached, own]
  return [
    reached,
    own,
    ...(await Promise.all([
      judgeReady(facts, address),
      unlessUnavailable('self-test', judgeSelfTest(facts, address)),
      unlessUnavailable('callbacks', judgeCallbacks(facts, address)),
      unlessUnavailable('release', judgeRelease(facts, health.body)),
    ])),
  ]
}

/** DNS first: it is the commonest mistake, and its own message. */
async function findAddressProblem(address: string, { allowHttp }: Facts): Promise<Finding | undefined> {
  const { hostname, protocol } = new URL(address)
  if (protocol !== 'https:' && !allowHttp)
    return wrong('address', `${address} is not https`, 'Teams sends to https only: put a proxy or a tunnel in front')
  try {
    await lookup(hostname.replace(/^\[|\]$/g, ''))
    return undefined
  } catch {
    return wrong(
      'address',
      `${hostname} has no address in DNS`,
      'Is the name spelt right? A domain of ngrok: https://dashboard.ngrok.com/domains',
    )
  }
}

async function ask({ context: { clock } }: Facts, url: string, init: RequestInit = {}): Promise<Answer> {
  const abort = new AbortController()
  const cancel = clock.after(TIMEOUT, () => abort.abort())
  try {
    const answer = await fetch(url, { redirect: 'manual', ...init, signal: abort.signal })
    const body = (await answer.text()).slice(0, LONGEST)
    return { kind: 'answered', status: answer.status, headers: answer.headers, body }
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined
    const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined
    return { kind: 'failed', code: abort.signal.aborted ? 'timeout' : typeof code === 'string' ? code : 'no-code' }
  } finally {
    cancel()
  }
}

const LONGEST = 1_048_576

function explainNetwork(code: string, address: string): Finding {
  const isTls = /CERT|TLS|SSL|ALTNAME|UNABLE_TO/.test(code)
  if (isTls)
    return wrong(
      'address',
      `the certificate of ${address} is not right (${code})`,
      'Teams and Trello refuse it, too: give the proxy a certificate for this name, with its chain',
    )
  return wrong(
    'address',
    `nothing answers at ${address} (${code})`,
    'Is the server running, and its tunnel or proxy open to the internet?',
  )
}

function judgeHealth({ status, headers, body }: Extract<Answer, { kind: 'answered' }>, address: string): Finding {
  const tunnel = headers.get('ngrok-error-code')
  if (tunnel !== null)
    return wrong(
      'health',
      `ngrok answers in place of the server (${tunnel})`,
      'Start the server, with NGROK_AUTHTOKEN and NGROK_DOMAIN',
    )
  if (status === 200 && readHealth(body)) return ok('health', 'it is the server')
  if (status >= 500)
    return wrong(
      'health',
      `${address}/health answers ${status}`,
      'The proxy or tunnel does not reach the server: is it running?',
    )
  return wrong(
    'health',
    `${address}/health answers ${status}, and not as the server does`,
    'Something else is there: check the address, and that the proxy passes every path on',
  )
}

async function judgeReady(facts: Facts, address: string): Promise<Finding> {
  const answer = await ask(facts, `${address}/ready`)
  if (answer.kind === 'failed') return wrong('ready', `no answer (${answer.code})`, 'See the log of the server')
  if (answer.status === 200) return ok('ready', 'the server can take tickets')
  const waiting = /"waitingFor":(\[[^\]]{0,200}\])/.exec(answer.body)?.[1]
  return wrong(
    'ready',
    `the server takes no tickets${waiting === undefined ? '' : `: it waits for ${waiting}`}`,
    'See what the other checks say of these, and what its role may do: ticketing policy server',
  )
}

/** The command `help`, signed with each token as Teams does. It makes no ticket, and names no team: it binds no token. */
async function judgeSelfTest(facts: Facts, address: string): Promise<Finding> {
  const name = 'self-test'
  const { teamsTokens } = await facts.secret()
  const tokens = teamsTokens.filter((token) => !isPlaceholder(token))
  if (tokens.length === 0) return notChecked(name, 'needs a token of Teams')
  for (const [at, entry] of tokens.entries()) {
    const body = Buffer.from(JSON.stringify(helpActivity(facts.context.clock.now())))
    const ring = prepareKeyRing([splitToken(entry).token])
    if (!ring.ok) return notChecked(name, 'needs a token of Teams')
    const authorization = signBody({ ring: ring.value, body })
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await ask(facts, `${address}/`, { method: 'POST', headers, body })
    const which = tokens.length === 1 ? 'the token' : `token ${at + 1} of ${tokens.length}`
    if (answer.kind === 'failed')
      return wrong(name, `a signed message got no answer (${answer.code})`, 'See the log of the server')
    if (answer.status === 401)
      return wrong(
        name,
        `the server refuses a message signed with ${which} of the secret`,
        'It reads another secret, its clock is off, or a proxy changes the body: see request.refused in its log',
      )
    if (answer.status !== 200 || !answer.body.includes('"type":"message"'))
      return wrong(name, `the server answers a signed message with ${answer.status}`, 'See the log of the server')
  }
  return ok(name, 'the server answers a signed message (help: no ticket is made)')
}

function helpActivity(now: number): unknown {
  return {
    type: 'message',
    id: `doctor-${randomUUID()}`,
    timestamp: new Date(now).toISOString(),
    text: '<at>tickets</at> help',
    from: { id: 'doctor', name: 'ticketing doctor' },
    conversation: { id: 'doctor' },
  }
}

/** The doors for Trello and Slack, where they are set up: a proxy must pass these paths on, too. */
async function judgeCallbacks(facts: Facts, address: string): Promise<Finding> {
  const name = 'callbacks'
  const { trelloApiSecret, slackSigningSecret } = await facts.secret()
  const urls = callbackUrls(address)
  const doors = [
    ...(trelloApiSecret === undefined ? [] : [{ url: urls.trello, init: { method: 'HEAD' }, expected: 200 }]),
    ...(slackSigningSecret === undefined ? [] : [{ url: urls.slack, init: { method: 'POST' }, expected: 401 }]),
  ]
  for (const { url, init, expected } of doors) {
    const answer = await ask(facts, url, init)
    const got = answer.kind === 'failed' ? answer.code : String(answer.status)
    if (got !== String(expected))
      return wrong(
        name,
        `${url} answers ${got}, not ${expected}`,
        got === '404'
          ? 'The server does not know the secret or TICKETING_PUBLIC_URL, or the proxy does not pass the path on'
          : 'See the log of the server, and the proxy in front of it',
      )
  }
  return ok(name, doors.length === 0 ? 'not set up' : 'the doors for Trello and Slack are open')
}

/** Whether the server and the functions are of one release. */
async function judgeRelease({ stack, hint }: Facts, health: string): Promise<Finding> {
  const name = 'release'
  const ofServer = readHealth(health)?.release
  if (ofServer === undefined) return notChecked(name, 'the server does not say of which release it is')
  const ofFunctions = deployedRelease(await stack())
  if (ofFunctions === undefined) return notChecked(name, 'needs all functions')
  if (ofServer === ofFunctions) return ok(name, `server and functions are of release ${ofServer}`)
  return wrong(
    name,
    `the server is of release ${ofServer}, the functions are of ${ofFunctions}`,
    `Bring both to the newer one: ${hint('up')}, and the image of the server`,
  )
}

/** The release of the functions that are there; undefined where one is missing. */
function deployedRelease({ lanes }: StackStatus): string | undefined {
  const digests = new Map(lanes.map(({ lane, function: is }) => [lane, is?.codeSha256]))
  const isWhole = lanes.every(({ lane }) => digests.get(lane))
  return isWhole ? nameRelease((lane) => digests.get(lane) ?? '') : undefined
}
